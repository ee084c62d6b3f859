-- Athena's SQL cannot say:
--   view_id is required
--   uuid in column view_id, which is string here
--   url is required
--   status has initial-default 200
--   seen_at is required
--   timestamptz in column seen_at, which is timestamp here
--   where the catalog puts the table: write its place for BUCKET, or location: into the YAML
--   comment = One row per page that a visitor saw
--   commit.retry.min-wait-ms = 20
--   commit.retry.num-retries = 10
--   format-version = 3
--   write.metadata.delete-after-commit.enabled = true
--   sort-by url, seen_at desc
CREATE TABLE `shop`.`page_views` (
  `view_id` string,
  `visitor` string,
  `url` string,
  `status` int COMMENT 'Of the answer',
  `duration_ms` bigint,
  `seen_at` timestamp
)
PARTITIONED BY (day(seen_at), truncate(8, url))
LOCATION 's3://BUCKET/shop/page_views/'
TBLPROPERTIES (
  'table_type' = 'ICEBERG',
  'vacuum_max_metadata_files_to_keep' = '100',
  'write_compression' = 'zstd'
);
