-- Versions of how the state of a class of equipment follows from its tags; the newest that has begun holds.
create table performance.state_rule (
  id uuid primary key,
  class_name text not null,
  version integer not null check (version > 0),
  effective_from bigint not null,
  content jsonb not null,
  reason text not null,
  recorded_by text not null,
  recorded_at bigint not null,
  unique (class_name, version)
);

create table performance.product_standard (
  id uuid primary key,
  class_name text not null,
  node_id uuid,
  product text not null,
  ideal_cycle_seconds double precision not null check (ideal_cycle_seconds > 0),
  planned_scrap_ratio double precision not null check (planned_scrap_ratio between 0 and 1),
  reason text not null,
  recorded_by text not null,
  recorded_at bigint not null,
  unique nulls not distinct (class_name, node_id, product)
);

create table performance.work_calendar (
  id uuid primary key,
  node_id uuid not null,
  version integer not null check (version > 0),
  valid_from date not null,
  time_zone text not null,
  shifts jsonb not null,
  exceptions jsonb not null,
  reason text not null,
  recorded_by text not null,
  recorded_at bigint not null,
  unique (node_id, version)
);

create table performance.planned_stop (
  id uuid primary key,
  node_id uuid not null,
  kind text not null,
  label text not null,
  from_at bigint not null,
  to_at bigint not null check (to_at > from_at),
  cancelled_reason text,
  recorded_by text not null,
  recorded_at bigint not null
);
create index planned_stop_node on performance.planned_stop (node_id, from_at);

create table performance.line_setting (
  id uuid primary key,
  line_id uuid not null,
  version integer not null check (version > 0),
  machines jsonb not null,
  key_node_id uuid,
  reason text not null,
  recorded_by text not null,
  recorded_at bigint not null,
  unique (line_id, version)
);

-- What a person said that a machine did. The one recorded later holds where two overlap; none is ever changed.
create table performance.manual_state (
  id uuid primary key,
  seq bigint generated always as identity,
  node_id uuid not null,
  from_at bigint not null,
  to_at bigint check (to_at > from_at),
  state text not null,
  comment text not null,
  recorded_by text not null,
  recorded_at bigint not null
);
create index manual_state_node on performance.manual_state (node_id, from_at);

-- From here on what is worked out of samples: it can be lost and is made again from the historian.
create table performance.signal_interval (
  node_id uuid not null,
  from_at bigint not null,
  to_at bigint check (to_at > from_at),
  state text not null,
  label text not null,
  primary key (node_id, from_at)
);

create table performance.run (
  node_id uuid not null,
  from_at bigint not null,
  to_at bigint check (to_at > from_at),
  order_name text,
  product text,
  primary key (node_id, from_at)
);

-- What counters rose by, a row for each minute and run of a machine.
create table performance.count_step (
  node_id uuid not null,
  at bigint not null,
  total double precision,
  good double precision,
  scrap double precision,
  rework double precision,
  primary key (node_id, at)
);

-- A counter that started anew: what it counted before that and after its last reading is unknown.
create table performance.counter_note (
  node_id uuid not null,
  at bigint not null,
  tag text not null,
  before_value double precision not null,
  after_value double precision not null,
  primary key (node_id, at, tag)
);

-- What the machine's reason tag said from an instant on.
create table performance.reason_code (
  node_id uuid not null,
  at bigint not null,
  code text,
  primary key (node_id, at)
);

-- How far each machine is worked out, and from where on its stops and results are still to follow.
create table performance.progress (
  node_id uuid primary key,
  resume_at bigint,
  heard_at bigint,
  changed_from bigint,
  changed_to bigint,
  cause text
);
