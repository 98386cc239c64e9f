-- The figures of a finished shift of one machine, and each time that they were restated: versions, none is ever changed.
-- Times in microseconds, by the letters of ISO 22400-2.
create table performance.shift_result (
  id uuid primary key,
  node_id uuid not null,
  shift_date date not null,
  shift_name text not null,
  from_at bigint not null,
  to_at bigint not null check (to_at > from_at),
  version integer not null check (version > 0),
  -- Why it was restated; null for the first.
  cause text,
  as_of bigint not null,
  -- SHA-256 over what it was worked out of.
  input_hash text not null check (input_hash ~ '^[0-9a-f]{64}$'),
  calendar_us double precision not null,
  pbt_us double precision not null,
  pdot_us double precision not null,
  apt_us double precision not null,
  aust_us double precision not null,
  adet_us double precision not null,
  adot_us double precision not null,
  minor_stop_us double precision not null,
  starved_us double precision not null,
  blocked_us double precision not null,
  unknown_us double precision not null,
  aoet_us double precision not null,
  pq double precision not null,
  gq double precision not null,
  sq double precision not null,
  rq double precision not null,
  psq double precision not null,
  ideal_us double precision not null,
  ideal_good_us double precision not null,
  pq_without_ideal double precision not null,
  uncounted_us double precision not null,
  failures double precision not null,
  minor_stops double precision not null,
  unexplained_us double precision not null,
  -- The same by order and product, and what stops and scrap took by reason.
  cells jsonb not null,
  check (cause is not null or version = 1),
  unique (node_id, from_at, version)
);
create index shift_result_time on performance.shift_result (from_at, node_id);

-- Times whose results are to be looked at anew: work to be done, and gone once it is.
create table performance.shift_result_due (
  id uuid primary key,
  node_id uuid not null,
  from_at bigint not null,
  to_at bigint not null,
  cause text not null,
  heard_at bigint not null
);
