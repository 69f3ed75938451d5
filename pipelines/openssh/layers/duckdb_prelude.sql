-- Names of Spark SQL that DuckDB spells otherwise. Run once a connection, before the views.
CREATE OR REPLACE MACRO unix_micros(t) AS epoch_us(t);
CREATE OR REPLACE MACRO timestamp_micros(us) AS make_timestamp(us);
CREATE OR REPLACE MACRO collect_list(x) AS list(x);
CREATE OR REPLACE MACRO array_join(a, separator) AS array_to_string(a, separator);
CREATE OR REPLACE MACRO array_repeat(x, n) AS list_resize(CAST([] AS VARCHAR[]), n, x);
