-- The ledger (docs/guides/ledger-format.md). The application may add to these tables and read them, nothing else.

-- One row for the whole ledger: its name, chosen once.
create table platform.ledger (
  id uuid primary key,
  one boolean not null default true unique check (one),
  created_at bigint not null
);

-- Transaction numbers begin anew where a database is restored into another cluster: each stay in a cluster is an era, so
-- that (era, xid, seq) goes on growing.
create table platform.ledger_era (
  era int primary key,
  -- pg_control_system().system_identifier of the cluster.
  cluster text not null,
  began_at bigint not null
);

create function platform.current_era() returns int language sql stable as
  $$ select max(era) from platform.ledger_era $$;

-- Both kinds of leaf take their numbers here.
create sequence platform.ledger_seq;

create table platform.audit_entry (
  seq bigint primary key default nextval('platform.ledger_seq'),
  era int not null default platform.current_era(),
  -- Sequence order is not commit order: leaves are sealed below pg_snapshot_xmin(pg_current_snapshot()), by (era, xid, seq).
  xid xid8 not null default pg_current_xact_id(),
  id uuid not null unique,
  -- What people search by; the text is what counts.
  at bigint not null,
  actor text not null,
  actor_kind text not null check (actor_kind in ('person', 'machine', 'system', 'nobody')),
  operation text not null,
  outcome text not null,
  reason text,
  -- The leaf as it was hashed, and its hash.
  text text not null,
  leaf_hash bytea not null
);
create index audit_entry_sealing on platform.audit_entry (era, xid, seq);
create index audit_entry_at on platform.audit_entry (at, seq);
create index audit_entry_operation on platform.audit_entry (operation, seq);
create index audit_entry_actor on platform.audit_entry (actor, seq);

create table platform.record_change (
  seq bigint primary key default nextval('platform.ledger_seq'),
  era int not null default platform.current_era(),
  xid xid8 not null default pg_current_xact_id(),
  entry_id uuid not null,
  at bigint not null,
  record_kind text not null,
  record_id text not null,
  version int not null,
  text text not null,
  leaf_hash bytea not null,
  unique (record_kind, record_id, version)
);
create index record_change_sealing on platform.record_change (era, xid, seq);
create index record_change_entry on platform.record_change (entry_id, seq);
-- Signatures belong into the bundle of the record that they stand on.
create index record_change_signature on platform.record_change
  ((text::jsonb #>> '{rows,0,after,record_kind}'), (text::jsonb #>> '{rows,0,after,record_id}'))
  where record_kind = 'identity.signature';

-- Full tiles of the tree (C2SP tlog-tiles): 256 hashes of 32 bytes. Level 0 holds leaf hashes, level l the roots of 256^l leaves.
create table platform.ledger_tile (
  level int not null,
  number bigint not null,
  hashes bytea not null check (octet_length(hashes) = 8192),
  primary key (level, number)
);

create table platform.ledger_key (
  number int primary key,
  -- The signed note that introduces it.
  note text not null,
  introduced_at bigint not null
);

create table platform.ledger_checkpoint (
  size bigint primary key,
  note text not null,
  at bigint not null,
  -- Everything up to here is sealed: the next leaves lie above it.
  era int not null,
  xid xid8 not null,
  -- The leaf hashes of the last, not yet full tile that were sealed since the checkpoint before: until the tile is full
  -- they stand nowhere else but beside the leaves themselves.
  tail bytea not null check (octet_length(tail) % 32 = 0 and octet_length(tail) < 8192)
);
create index ledger_checkpoint_position on platform.ledger_checkpoint (era, xid);

-- What was handed to somebody outside, and what they gave back for it (the answer of a time stamp authority).
create table platform.ledger_anchor (
  id uuid primary key,
  size bigint not null references platform.ledger_checkpoint (size),
  kind text not null,
  target text not null,
  at bigint not null,
  evidence bytea
);

create function platform.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of %.% are never changed or deleted', tg_table_schema, tg_table_name
    using errcode = 'restrict_violation';
end
$$;

do $$
declare
  kept text;
begin
  foreach kept in array array['ledger', 'ledger_era', 'audit_entry', 'record_change', 'ledger_tile', 'ledger_key',
    'ledger_checkpoint', 'ledger_anchor']
  loop
    execute format('create trigger %I before update or delete or truncate on platform.%I
      for each statement execute function platform.refuse_change()', kept || '_kept', kept);
  end loop;
end
$$;

-- What a transaction changes in the tables of records is gathered here, row by row, and turned into leaves before it
-- commits. Each connection has a `pg_temp.captured_change` of its own, made when it is opened.
create function platform.capture_change() returns trigger language plpgsql as $$
declare
  -- The trigger is made with: the kind of the record, the column of its id, then the columns that hold secrets.
  kind constant text := tg_argv[0];
  place constant text := tg_table_schema || '.' || tg_table_name;
  record_id text;
  before jsonb;
  after jsonb;
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
  record_id := coalesce(after, before) ->> tg_argv[1];
  -- A part takes its record's row, so that two transactions never make the same version of one record.
  if kind <> place then
    execute format('select 1 from %s where id = $1::uuid for no key update', kind) using record_id;
  end if;
  insert into pg_temp.captured_change (table_name, record_kind, record_id, before, after)
    values (place, kind, record_id, before, after);
  return null;
end
$$;

create function platform.without_secrets(told jsonb, secrets text[]) returns jsonb language plpgsql immutable as $$
declare
  secret text;
begin
  foreach secret in array coalesce(secrets, '{}') loop
    if told ->> secret is not null then
      told := jsonb_set(told, array[secret],
        to_jsonb('sha256:' || encode(sha256(convert_to(told ->> secret, 'UTF8')), 'hex')));
    end if;
  end loop;
  return told;
end
$$;
