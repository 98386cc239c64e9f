-- Kinds of material: one row a version.
create table material.definition (
  id uuid primary key,
  code text not null,
  name text not null,
  kind text not null check (kind in ('raw', 'intermediate', 'product', 'packaging', 'consumable')),
  unit text not null,
  control text not null check (control in ('lot', 'serial')),
  shelf_life_days integer check (shelf_life_days > 0),
  out_life_seconds bigint check (out_life_seconds > 0),
  needs_certificate boolean not null,
  quarantine_on_receipt boolean not null,
  gtin text check (gtin ~ '^[0-9]{14}$'),
  version integer not null check (version > 0),
  change_reason text not null,
  drafted_by text not null,
  drafted_at bigint not null
);
create unique index definition_version on material.definition (lower(code), version);
create index definition_gtin on material.definition (gtin) where gtin is not null;

-- Bills of material: one row a version.
create table material.bom (
  id uuid primary key,
  product text not null,
  lines jsonb not null check (jsonb_typeof(lines) = 'array'),
  version integer not null check (version > 0),
  change_reason text not null,
  drafted_by text not null,
  drafted_at bigint not null
);
create unique index bom_version on material.bom (lower(product), version);

-- Where each version that is no mere draft stands. A record beside the version, which stays as it was signed.
create table material.release (
  subject_id uuid primary key,
  kind text not null check (kind in ('definition', 'bom')),
  code text not null,
  state text not null check (state in ('in-review', 'effective', 'retired')),
  effective_at bigint,
  -- The document by which it was released elsewhere and taken over at commissioning.
  adopted_from text,
  retired_at bigint,
  retired_why text,
  check ((state = 'in-review') = (effective_at is null)),
  check ((state = 'retired') = (retired_at is not null))
);
create unique index release_one_in_force on material.release (kind, lower(code)) where state = 'effective';

-- Lots were made by what an effective version says: not even a person with SQL changes that.
create function material.refuse_change_of_effective() returns trigger language plpgsql as $$
begin
  if exists (select from material.release where subject_id = old.id and state <> 'in-review') then
    raise exception 'version % in %.% was effective and never changes', old.version, tg_table_schema, tg_table_name
      using errcode = 'restrict_violation', hint = 'draft the next version';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger definition_effective_is_immutable before update or delete on material.definition
  for each row execute function material.refuse_change_of_effective();
create trigger bom_effective_is_immutable before update or delete on material.bom
  for each row execute function material.refuse_change_of_effective();

-- The last number that was given of each series.
create table material.number (
  series text primary key,
  last bigint not null check (last >= 0)
);

create table material.container (
  id uuid primary key,
  sscc text not null unique check (sscc ~ '^[0-9]{18}$'),
  kind text not null check (kind in ('box', 'tote', 'tray', 'pallet')),
  parent_id uuid references material.container (id) check (parent_id <> id),
  node_id uuid,
  -- Where it was known to be last: who may see that place may see it.
  last_node_id uuid not null,
  state text not null check (state in ('open', 'closed', 'shipped', 'emptied')),
  state_reason text not null,
  made_at bigint not null
);
create index container_parent on material.container (parent_id) where parent_id is not null;
create index container_last_node on material.container (last_node_id);

create table material.lot (
  id uuid primary key,
  code text not null,
  material text not null,
  definition_id uuid not null references material.definition (id),
  control text not null check (control in ('lot', 'serial')),
  quantity numeric not null check (quantity >= 0),
  unit text not null,
  status text not null
    check (status in ('quarantine', 'available', 'blocked', 'rejected', 'consumed', 'disposed', 'shipped')),
  status_reason text not null,
  expires_at bigint,
  -- The out-life clock, in microseconds: how much was used when it was last stopped or started, and since when it runs.
  out_limit_us bigint check (out_limit_us > 0),
  out_used_us bigint check (out_used_us >= 0),
  out_since bigint,
  out_changed_at bigint,
  supplier text,
  supplier_lot text,
  certificate_number text,
  certificate_document text check (certificate_document ~ '^[0-9a-f]{64}$'),
  certificate_needed boolean not null,
  node_id uuid,
  -- Where it was known to be last: who may see that place may see it.
  last_node_id uuid not null,
  place text not null,
  container_id uuid references material.container (id),
  open_deviations text[] not null,
  order_id uuid,
  made_at bigint not null,
  version integer not null check (version > 0),
  check (num_nulls(out_limit_us, out_used_us, out_changed_at) in (0, 3)),
  check (out_limit_us is not null or out_since is null),
  check (certificate_number is not null or certificate_document is null),
  check (control = 'lot' or quantity <= 1)
);
create unique index lot_code on material.lot (lower(code));
-- For the beginning of a code, whatever the collation of the database.
create index lot_code_begin on material.lot (lower(code) text_pattern_ops);
create index lot_made on material.lot (made_at, id);
create index lot_material on material.lot (lower(material), made_at);
create index lot_last_node on material.lot (last_node_id, made_at);
create index lot_order on material.lot (order_id) where order_id is not null;
create index lot_container on material.lot (container_id) where container_id is not null;
create index lot_supplier_lot on material.lot (lower(supplier_lot)) where supplier_lot is not null;
create index lot_deviations on material.lot using gin (open_deviations);

-- What happened to material: added to, never changed.
create table material.movement (
  id uuid primary key,
  seq bigint generated always as identity,
  kind text not null check (kind in ('receive', 'move', 'take-out', 'put-back', 'consume', 'produce', 'split', 'merge',
    'transform', 'count', 'dispose', 'ship', 'status', 'return')),
  at bigint not null,
  recorded_at bigint not null,
  recorded_by text not null,
  node_id uuid,
  last_node_id uuid not null,
  order_id uuid,
  run_id uuid,
  reason text not null
);
create index movement_at on material.movement (at, seq);
create index movement_last_node on material.movement (last_node_id, at);
create index movement_order on material.movement (order_id, at, seq) where order_id is not null;

-- Part of the record of its movement.
create table material.movement_line (
  id uuid primary key,
  movement_id uuid not null references material.movement (id),
  ordinal integer not null,
  side text not null check (side in ('from', 'to')),
  lot_id uuid not null references material.lot (id),
  quantity numeric not null check (quantity >= 0),
  unique (movement_id, side, lot_id)
);
create index movement_line_lot on material.movement_line (lot_id, side);

create function material.refuse_change_of_movement() returns trigger language plpgsql as $$
begin
  raise exception 'what happened to material never changes' using errcode = 'restrict_violation',
    hint = 'record what corrects it';
end $$;
create trigger movement_is_immutable before update or delete on material.movement
  for each row execute function material.refuse_change_of_movement();
create trigger movement_line_is_immutable before update or delete on material.movement_line
  for each row execute function material.refuse_change_of_movement();

-- What was made of what: worked out of the movements in the same transaction, to be followed at any depth both ways. The
-- lots stand in the movements, which are checked: checking each edge again would double what a large batch costs.
create table material.lot_edge (
  from_lot uuid not null,
  to_lot uuid not null,
  primary key (from_lot, to_lot),
  check (from_lot <> to_lot)
);
create index lot_edge_back on material.lot_edge (to_lot, from_lot);

create table material.weighing (
  id uuid primary key,
  lot_id uuid not null references material.lot (id),
  order_id uuid,
  scale text not null,
  unit text not null,
  target numeric not null check (target > 0),
  below numeric not null check (below >= 0),
  above numeric not null check (above >= 0),
  tare numeric not null check (tare >= 0),
  gross numeric not null check (gross > tare),
  net numeric not null check (net = gross - tare),
  source text not null check (source in ('scale', 'typed')),
  weighed_by text not null,
  weighed_by_id text not null,
  weighed_at bigint not null,
  confirmed_by text,
  confirmed_by_id text check (confirmed_by_id <> weighed_by_id),
  confirmed_at bigint,
  dispensed_lot_id uuid references material.lot (id),
  check (net between target - below and target + above),
  check (num_nulls(confirmed_by, confirmed_by_id, confirmed_at, dispensed_lot_id) in (0, 4))
);
create index weighing_lot on material.weighing (lot_id, weighed_at);
create index weighing_order on material.weighing (order_id, weighed_at) where order_id is not null;

-- Deviations that were closed: one that is heard of as opened only later opens nothing any more.
create table material.deviation_end (
  deviation_id uuid primary key,
  at bigint not null
);
