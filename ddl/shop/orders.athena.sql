-- Athena's SQL cannot say:
--   id is required
--   customer_id is required
--   ordered_at is required
--   timestamptz in column ordered_at, which is timestamp here
--   comment = One row per order, as the shop's database has it now
--   commit.retry.min-wait-ms = 20
--   commit.retry.num-retries = 10
--   write.delete.isolation-level = serializable
--   write.delete.mode = merge-on-read
--   write.merge.isolation-level = serializable
--   write.merge.mode = merge-on-read
--   write.metadata.delete-after-commit.enabled = true
--   write.metadata.metrics.column.email = none
--   write.metadata.metrics.column.id = full
--   write.object-storage.enabled = true
--   write.parquet.bloom-filter-enabled.column.customer_id = true
--   write.parquet.page-size-bytes = 1048576
--   write.parquet.row-group-size-bytes = 67108864
--   write.target-file-size-bytes = 268435456
--   write.update.isolation-level = serializable
--   write.update.mode = merge-on-read
--   id-columns id
--   sort-by id
CREATE TABLE `shop`.`orders` (
  `id` bigint COMMENT 'The order\'s number',
  `customer_id` bigint,
  `status` string COMMENT 'open, paid, sent or void',
  `total` decimal(12, 2) COMMENT 'With tax',
  `email` string,
  `address` struct<street: string, postcode: string, country: string>,
  `items` array<struct<sku: string, quantity: int, price: decimal(10, 2)>>,
  `labels` map<string, string>,
  `ordered_at` timestamp,
  `delivery_day` date
)
PARTITIONED BY (bucket(16, id))
LOCATION 's3://example-lake/shop/orders'
TBLPROPERTIES (
  'table_type' = 'ICEBERG',
  'vacuum_max_snapshot_age_seconds' = '604800',
  'vacuum_max_metadata_files_to_keep' = '100',
  'write_compression' = 'zstd',
  'compression_level' = '3'
);
