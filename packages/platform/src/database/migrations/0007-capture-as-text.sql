-- The same lines at less cost: each change of a row is written as text at once, where it was a document that was put together
-- first and printed then.
create or replace function platform.capture_change() returns trigger language plpgsql as $$
declare
  -- The trigger is made with: the kind of the record, the column of its id, then the columns that hold secrets.
  kind constant text := tg_argv[0];
  place constant text := tg_table_schema || '.' || tg_table_name;
  gathered text;
  row_record text;
  before jsonb;
  after jsonb;
  head_version int;
  head_hash bytea;
begin
  if coalesce(current_setting('throughline.entry', true), '') = '' then
    raise exception 'rows of % are changed only through the door', place
      using errcode = 'restrict_violation', hint = 'run an operation: the change needs its entry in the audit trail';
  end if;
  if tg_op <> 'INSERT' then before := to_jsonb(old); end if;
  if tg_op <> 'DELETE' then after := to_jsonb(new); end if;
  if tg_nargs > 2 then
    before := platform.without_secrets(before, tg_argv[2:]);
    after := platform.without_secrets(after, tg_argv[2:]);
  end if;
  if before = after then return null; end if;
  row_record := coalesce(after, before) ->> tg_argv[1];
  -- A part takes its record's row, so that two transactions never make the same version of one record.
  if kind <> place then
    execute format('select 1 from %s where id = $1::uuid for no key update', kind) using row_record;
  end if;
  -- From here on nobody else makes a version of this record before we are done: what is newest now stays it.
  select change.version, change.leaf_hash into head_version, head_hash from platform.record_change change
    where change.record_kind = kind and change.record_id = row_record order by change.version desc limit 1;
  -- Names of tables and kinds are made of letters, and hashes of digits: only the id may hold what JSON has to escape.
  gathered := coalesce(current_setting('throughline.captured', true), '') || E'\n["' || place || '","' || kind || '",'
    || coalesce(to_json(row_record)::text, 'null') || ',' || coalesce(before::text, 'null') || ',' || coalesce(after::text, 'null') || ','
    || coalesce(head_version::text, 'null') || ',' || coalesce('"' || encode(head_hash, 'hex') || '"', 'null') || ']';
  if length(gathered) > 32768 then
    insert into pg_temp.captured_change (lines) values (ltrim(gathered, '+'));
    gathered := '+';
  end if;
  gathered := set_config('throughline.captured', gathered, true);
  return null;
end
$$;
