-- Whatever genealogy knows of, with the words by which people know it as they were when it was last heard of.
create table traceability.node (
  id bigint generated always as identity primary key,
  kind text not null,
  -- Its id where it is kept, or its code.
  ref text not null,
  label text not null,
  detail text not null,
  at bigint,
  -- Where it was known to be last: who may see that place may see it.
  place uuid
);
create unique index node_ref on traceability.node (kind, lower(ref));
create index node_label on traceability.node (lower(label));

-- From what was before to what came of it. `cause` = what said so: heard again, it says the same.
create table traceability.edge (
  cause uuid not null,
  from_id bigint not null,
  to_id bigint not null,
  kind text not null,
  at bigint not null,
  until_at bigint,
  quantity numeric,
  -- Of one quantity that went into several pieces nobody knows how much went into each.
  shared boolean not null,
  run_id uuid,
  -- Between lots.
  material boolean not null,
  -- All that went in came back: it is not in there.
  taken_back boolean not null,
  primary key (cause, from_id, to_id, kind, at),
  check (from_id <> to_id)
);
create index edge_forward on traceability.edge (from_id) where material;
create index edge_backward on traceability.edge (to_id) where material;
create index edge_used on traceability.edge (from_id, at) where not material;
create index edge_context on traceability.edge (to_id) where not material;

-- What came back of what had gone in.
create table traceability.taken_back (
  cause uuid not null,
  from_id bigint not null,
  to_id bigint not null,
  quantity numeric not null,
  primary key (cause, from_id, to_id)
);
create index taken_back_pair on traceability.taken_back (from_id, to_id);

create table traceability.recall_drill (
  id uuid primary key,
  begun_by text not null,
  begun_at bigint not null,
  reason text not null,
  subject text not null,
  counts jsonb not null check (jsonb_typeof(counts) = 'object'),
  elapsed_ms double precision not null check (elapsed_ms >= 0),
  ended_at bigint,
  conclusion text not null,
  check ((ended_at is null) = (conclusion = ''))
);
create index recall_drill_begun on traceability.recall_drill (begun_at, id);

-- What a drill found, as it was found. Part of its record. `affected` = one array a lot: its id, code, material, status,
-- place, quantity, unit, and how many steps it is away.
create table traceability.recall_reach (
  drill_id uuid primary key references traceability.recall_drill (id),
  affected jsonb not null check (jsonb_typeof(affected) = 'array')
);

-- What a drill found and how it ended is for good.
create function traceability.refuse_change_of_drill() returns trigger language plpgsql as $$
begin
  raise exception 'a recall drill that was held never changes' using errcode = 'restrict_violation',
    hint = 'hold another drill';
end $$;
create trigger recall_reach_is_immutable before update or delete on traceability.recall_reach
  for each row execute function traceability.refuse_change_of_drill();
create trigger recall_drill_ended_is_immutable before update or delete on traceability.recall_drill
  for each row when (old.ended_at is not null) execute function traceability.refuse_change_of_drill();
