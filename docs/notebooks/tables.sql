-- What tables.ipynb shows: firn sql-snippets --format views > views.sql, then spark-sql -i views.sql -f tables.sql.
SHOW TABLES IN lake.github;

SELECT * FROM firn_freshness ORDER BY last_change DESC;

SELECT * FROM firn_files ORDER BY bytes DESC;

-- A day by its tag: the same rows however often it is asked.
SELECT count(*) FROM lake.github.push_event VERSION AS OF 'd2021_07_21';

SELECT name, snapshot_id, max_reference_age_in_ms FROM lake.github.push_event.refs WHERE type = 'TAG';

SELECT * FROM firn_history WHERE table_name = 'lake.github.push_event' ORDER BY committed_at DESC;

SELECT day, event, column_name, reason, lines FROM firn_refused ORDER BY lines DESC, event;
