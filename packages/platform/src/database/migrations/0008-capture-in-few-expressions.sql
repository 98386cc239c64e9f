-- The same lines from fewer expressions: each has to be made ready anew in every transaction that comes to it.
create or replace function platform.capture_change() returns trigger language plpgsql as $$
-- The trigger is made with: the kind of the record, the column of its id, then the columns that hold secrets.
declare
  before jsonb := to_jsonb(old);
  after jsonb := to_jsonb(new);
  row_record text;
  head_version int;
  head_hash bytea;
  gathered text;
begin
  if coalesce(current_setting('throughline.entry', true), '') = '' then
    raise exception 'rows of %.% are changed only through the door', tg_table_schema, tg_table_name
      using errcode = 'restrict_violation', hint = 'run an operation: the change needs its entry in the audit trail';
  end if;
  if tg_nargs > 2 then
    before := platform.without_secrets(before, tg_argv[2:]);
    after := platform.without_secrets(after, tg_argv[2:]);
  end if;
  if before = after then return null; end if;
  row_record := coalesce(after, before) ->> tg_argv[1];
  -- A part takes its record's row, so that two transactions never make the same version of one record.
  if tg_argv[0] <> tg_table_schema || '.' || tg_table_name then
    execute format('select 1 from %s where id = $1::uuid for no key update', tg_argv[0]) using row_record;
  end if;
  -- From here on nobody else makes a version of this record before we are done: what is newest now stays it.
  select change.version, change.leaf_hash into head_version, head_hash from platform.record_change change
    where change.record_kind = tg_argv[0] and change.record_id = row_record order by change.version desc limit 1;
  -- Names of tables and kinds are made of letters, and hashes of digits: only the id may hold what JSON has to escape.
  gathered := set_config('throughline.captured', format(
    E'%s\n["%s.%s","%s",%s,%s,%s,%s,%s]',
    current_setting('throughline.captured', true), tg_table_schema, tg_table_name, tg_argv[0], coalesce(to_json(row_record)::text, 'null'),
    coalesce(before::text, 'null'), coalesce(after::text, 'null'), coalesce(head_version::text, 'null'),
    coalesce('"' || encode(head_hash, 'hex') || '"', 'null')), true);
  if octet_length(gathered) > 32768 then
    insert into pg_temp.captured_change (lines) values (ltrim(gathered, '+'));
    perform set_config('throughline.captured', '+', true);
  end if;
  return null;
end
$$;
