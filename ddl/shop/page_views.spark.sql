-- Spark's SQL has no type uuid: in column view_id it is string here, and as declared only by firn apply.
-- Spark's SQL does not say what older rows read: initial-default of status is set by firn apply.
CREATE NAMESPACE IF NOT EXISTS `lake`.`shop`;

CREATE TABLE `lake`.`shop`.`page_views` (
  `view_id` STRING NOT NULL,
  `visitor` STRING,
  `url` STRING NOT NULL,
  `status` INT COMMENT 'Of the answer',
  `duration_ms` BIGINT,
  `seen_at` TIMESTAMP NOT NULL
)
USING iceberg
PARTITIONED BY (days(`seen_at`), truncate(8, `url`))
COMMENT 'One row per page that a visitor saw'
TBLPROPERTIES (
  'commit.retry.min-wait-ms' = '20',
  'commit.retry.num-retries' = '10',
  'format-version' = '3',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '100',
  'write.parquet.compression-codec' = 'zstd'
);

ALTER TABLE `lake`.`shop`.`page_views` WRITE LOCALLY ORDERED BY `url` ASC NULLS FIRST, `seen_at` DESC NULLS LAST;
