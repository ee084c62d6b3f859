CREATE NAMESPACE IF NOT EXISTS `lake`.`shop`;

CREATE TABLE `lake`.`shop`.`orders` (
  `id` BIGINT NOT NULL COMMENT 'The order\'s number',
  `customer_id` BIGINT NOT NULL,
  `status` STRING COMMENT 'open, paid, sent or void',
  `total` DECIMAL(12, 2) COMMENT 'With tax',
  `email` STRING,
  `address` STRUCT<`street`: STRING, `postcode`: STRING, `country`: STRING>,
  `items` ARRAY<STRUCT<`sku`: STRING NOT NULL, `quantity`: INT, `price`: DECIMAL(10, 2)>>,
  `labels` MAP<STRING, STRING>,
  `ordered_at` TIMESTAMP NOT NULL,
  `delivery_day` DATE
)
USING iceberg
PARTITIONED BY (bucket(16, `id`))
LOCATION 's3://example-lake/shop/orders'
COMMENT 'One row per order, as the shop\'s database has it now'
TBLPROPERTIES (
  'commit.retry.min-wait-ms' = '20',
  'commit.retry.num-retries' = '10',
  'format-version' = '2',
  'history.expire.max-snapshot-age-ms' = '604800000',
  'write.delete.isolation-level' = 'serializable',
  'write.delete.mode' = 'merge-on-read',
  'write.merge.isolation-level' = 'serializable',
  'write.merge.mode' = 'merge-on-read',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.metrics.column.email' = 'none',
  'write.metadata.metrics.column.id' = 'full',
  'write.metadata.previous-versions-max' = '100',
  'write.object-storage.enabled' = 'true',
  'write.parquet.bloom-filter-enabled.column.customer_id' = 'true',
  'write.parquet.compression-codec' = 'zstd',
  'write.parquet.compression-level' = '3',
  'write.parquet.page-size-bytes' = '1048576',
  'write.parquet.row-group-size-bytes' = '67108864',
  'write.target-file-size-bytes' = '268435456',
  'write.update.isolation-level' = 'serializable',
  'write.update.mode' = 'merge-on-read'
);

ALTER TABLE `lake`.`shop`.`orders` SET IDENTIFIER FIELDS `id`;

ALTER TABLE `lake`.`shop`.`orders` WRITE LOCALLY ORDERED BY `id` ASC NULLS FIRST;
