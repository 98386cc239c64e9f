-- Gauges, tools, fixtures and scales: single things with a number of their own.
create table equipment.asset (
  id uuid primary key,
  code text not null,
  kind text not null check (kind in ('gauge', 'tool', 'fixture', 'scale')),
  type text not null,
  description text not null,
  node_id uuid references equipment.node (id),
  state text not null check (state in ('in-service', 'out-of-service', 'retired')),
  state_reason text not null,
  needs_calibration boolean not null,
  interval_days integer check (interval_days > 0)
);
create unique index asset_code on equipment.asset (lower(code));
create index asset_type on equipment.asset (type);

-- What was found and left by each calibration; never changed.
create table equipment.calibration (
  id uuid primary key,
  asset_id uuid not null references equipment.asset (id),
  at bigint not null,
  as_found text not null check (as_found in ('in-tolerance', 'out-of-tolerance')),
  as_left text not null check (as_left in ('in-tolerance', 'out-of-tolerance')),
  certificate text not null,
  document text,
  due_at bigint,
  comment text not null,
  recorded_by text not null,
  recorded_at bigint not null
);
create index calibration_asset on equipment.calibration (asset_id, at);
create trigger calibration_kept before update or delete or truncate on equipment.calibration
  for each statement execute function platform.refuse_change();

-- How long equipment may stand clean before use, and dirty before it is cleaned; null = no limit.
create table equipment.cleaning_rule (
  node_id uuid primary key references equipment.node (id),
  clean_hold_seconds bigint check (clean_hold_seconds > 0),
  dirty_hold_seconds bigint check (dirty_hold_seconds > 0),
  reason text not null
);

-- Where cleaning stands, and since when. How it came to be stands in the ledger and in the cleaning logbook.
create table equipment.cleaning (
  node_id uuid primary key references equipment.node (id),
  status text not null check (status in ('clean', 'in-use', 'dirty')),
  since bigint not null,
  last_use text
);
