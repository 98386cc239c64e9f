-- The same ledger at less cost for each operation.

-- A function in SQL is parsed and planned anew each time that a statement with it begins; this one keeps its plan.
create or replace function platform.current_era() returns int language plpgsql stable as $$
begin
  return (select max(era) from platform.ledger_era);
end
$$;

-- What a transaction changes in the tables of records is gathered here, a line of JSON for each row, and turned into
-- leaves before it commits. The lines stand in a setting of the transaction, which goes back with it or with a savepoint
-- and costs a tenth of a row in a table; when they grow long they move to the connection's `pg_temp.captured_change`,
-- and a `+` remembers it.
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
  gathered := coalesce(current_setting('throughline.captured', true), '') || E'\n'
    || jsonb_build_array(place, kind, row_record, before, after, head_version, encode(head_hash, 'hex'));
  if length(gathered) > 32768 then
    insert into pg_temp.captured_change (lines) values (ltrim(gathered, '+'));
    gathered := '+';
  end if;
  gathered := set_config('throughline.captured', gathered, true);
  return null;
end
$$;

-- Each index of these two tables is opened, locked and written by every operation. Nobody asks for a version by its number
-- alone, and entries stand in their table in the order of time already.
alter table platform.record_change drop constraint record_change_pkey;
alter table platform.record_change drop constraint record_change_record_kind_record_id_version_key;
alter table platform.record_change add primary key (record_kind, record_id, version);
