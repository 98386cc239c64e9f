-- What counters rose by between two readings while nobody could read them: how much is known, when is not.
create table performance.count_gap (
  node_id uuid not null,
  -- When they were read again.
  at bigint not null,
  -- Up to when they were read before.
  since bigint not null,
  total double precision,
  good double precision,
  scrap double precision,
  rework double precision,
  primary key (node_id, at, since)
);

alter table performance.shift_result add column lost_count_us double precision not null default 0;
alter table performance.shift_result add column unknown_ideal_us double precision not null default 0;
