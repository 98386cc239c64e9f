/** The tables of the sample database. Times are UTC microseconds; `series` is the short name of a tag. */
export const schema = `
create table if not exists format (version integer);
insert into format select 1 where not exists (from format);

create table if not exists series (
  id integer, tag varchar,
  at_us bigint, server_at bigint, kind utinyint, double double, int64 bigint, text varchar, status uinteger);

create table if not exists text (id bigint, value varchar);

create table if not exists sample (
  series integer, at_us bigint, server_at bigint, kind utinyint, double double, int64 bigint, status uinteger);

create table if not exists parked (
  source varchar, at_us bigint, server_at bigint, kind utinyint, double double, int64 bigint, text varchar, status uinteger);

create table if not exists ingest_cursor (agent varchar, first_sequence bigint, sequence bigint);

create table if not exists correction (
  series integer, at_us bigint, kind utinyint, double double, int64 bigint, text varchar, status uinteger,
  reason varchar, person varchar, new_kind utinyint, new_double double, new_int64 bigint, new_text varchar);

create table if not exists kept (raw_from bigint, minute_from bigint);
insert into kept select 0, 0 where not exists (from kept);

create table if not exists dirty (series integer, bucket bigint);
${['minute', 'quarter', 'hour'].map((name) => rollupTable(name)).join('\n')}`

function rollupTable(name: string): string {
  return `create table if not exists ${name} (
  series integer, bucket bigint, usable integer, bad integer, low double, high double, total double,
  first_value double, first_at bigint, last_value double, last_at bigint, head_at bigint, tail_at bigint,
  tail double, tail_ok boolean, integral double, known bigint, gaps bigint[]);`
}
