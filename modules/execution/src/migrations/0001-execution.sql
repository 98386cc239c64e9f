-- How products are made: one row a version.
create table execution.work_definition (
  id uuid primary key,
  code text not null,
  version integer not null check (version > 0),
  product text not null,
  operations jsonb not null check (jsonb_typeof(operations) = 'array'),
  drawing jsonb,
  under_percent double precision not null check (under_percent between 0 and 100),
  over_percent double precision not null check (over_percent between 0 and 100),
  change_reason text not null,
  drafted_by text not null,
  drafted_at bigint not null
);
create unique index work_definition_version on execution.work_definition (lower(code), version);
create index work_definition_product on execution.work_definition (lower(product));

create table execution.instruction (
  id uuid primary key,
  code text not null,
  version integer not null check (version > 0),
  title jsonb not null,
  steps jsonb not null check (jsonb_typeof(steps) = 'array'),
  change_reason text not null,
  drafted_by text not null,
  drafted_at bigint not null
);
create unique index instruction_version on execution.instruction (lower(code), version);

-- Which versions are in review, effective or retired: a record beside the version, which stays as it was signed.
create table execution.release (
  definition_id uuid primary key,
  noun text not null check (noun in ('work-definition', 'instruction')),
  code text not null,
  state text not null check (state in ('in-review', 'effective', 'retired')),
  effective_at bigint,
  -- The document by which it was released elsewhere and taken over at commissioning.
  adopted_from text,
  ended_at bigint,
  end_reason text,
  check ((state = 'retired') = (ended_at is not null)),
  check (state <> 'effective' or effective_at is not null)
);
create unique index release_one_effective on execution.release (noun, lower(code)) where state = 'effective';

-- Work was done by what a version says: from its first signature on, not even a person with SQL changes it.
create function execution.refuse_change_of_signed_version() returns trigger language plpgsql as $$
begin
  if exists (select from execution.release where definition_id = old.id) then
    raise exception 'version % of % was signed or released and never changes', old.version, old.code
      using errcode = 'restrict_violation', hint = 'draft the next version';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger work_definition_signed_is_immutable before update or delete on execution.work_definition
  for each row execute function execution.refuse_change_of_signed_version();
create trigger instruction_signed_is_immutable before update or delete on execution.instruction
  for each row execute function execution.refuse_change_of_signed_version();

-- An instruction to make an amount of a product.
create table execution.order (
  id uuid primary key,
  code text not null,
  product text not null,
  quantity numeric not null check (quantity > 0),
  unit text not null,
  site_id uuid not null,
  state text not null check (state in ('created', 'released', 'running', 'completed', 'closed', 'cancelled')),
  priority integer not null check (priority between 1 and 9),
  due_at bigint,
  work_definition_id uuid references execution.work_definition (id),
  bom_id uuid,
  instructions jsonb not null,
  good numeric not null check (good >= 0),
  scrap numeric not null check (scrap >= 0),
  split_from uuid references execution.order (id),
  reference text not null,
  created_at bigint not null,
  created_by text not null,
  released_at bigint,
  started_at bigint,
  completed_at bigint,
  -- Why it was cancelled, or closed with an amount outside the rules.
  end_reason text not null default '',
  version integer not null check (version > 0),
  check (state in ('created', 'cancelled') or (work_definition_id is not null and released_at is not null))
);
create unique index order_code on execution.order (lower(code));
create index order_urgency on execution.order (priority, due_at, created_at);
create index order_split on execution.order (split_from) where split_from is not null;

-- What an order makes: its serials or lots.
create table execution.order_subject (
  id uuid primary key,
  order_id uuid not null references execution.order (id),
  code text not null,
  ordinal integer not null,
  quantity numeric not null check (quantity >= 0),
  state text not null check (state in ('in-work', 'done', 'scrapped'))
);
create index order_subject_order on execution.order_subject (order_id, ordinal);

create table execution.order_hold (
  id uuid primary key,
  order_id uuid not null references execution.order (id),
  cause text not null check (cause in ('person', 'material', 'deviation', 'equipment')),
  subject text,
  reason text not null,
  held_by text not null,
  at bigint not null,
  ended_by text,
  ended_at bigint,
  ended_reason text,
  check (num_nulls(ended_by, ended_at, ended_reason) in (0, 3))
);
create index order_hold_order on execution.order_hold (order_id, at);
-- One thing holds an order once, however often it is told.
create unique index order_hold_once on execution.order_hold (order_id, cause, subject)
  where ended_at is null and subject is not null;

-- The last number of orders that was given.
create table execution.order_number (
  only_one boolean primary key default true check (only_one),
  last bigint not null
);
insert into execution.order_number (last) values (0);

-- One doing of one operation for some pieces of an order.
create table execution.run (
  id uuid primary key,
  order_id uuid not null references execution.order (id),
  sequence integer not null check (sequence > 0),
  name text not null,
  attempt integer not null check (attempt > 0),
  -- The run whose rework it is, or a part of.
  rework_of uuid references execution.run (id),
  state text not null check (state in ('waiting', 'ready', 'running', 'paused', 'completed', 'skipped')),
  at_path text,
  at_class text,
  node_id uuid,
  instruction_id uuid references execution.instruction (id),
  subjects uuid[] not null,
  quantity numeric not null check (quantity >= 0),
  good numeric not null check (good >= 0),
  scrap numeric not null check (scrap >= 0),
  rework numeric not null check (rework >= 0),
  held_by text,
  held_by_name text,
  started_at bigint,
  completed_at bigint,
  -- When the last thing happened to it: nothing that comes after it happened before it.
  last_at bigint not null,
  tools text[] not null,
  pause_reason text not null,
  version integer not null check (version > 0),
  check ((at_path is null) <> (at_class is null)),
  check (state <> 'completed' or good + scrap + rework = quantity)
);
create index run_order on execution.run (order_id, sequence);
create index run_open on execution.run (state) where state in ('waiting', 'ready', 'running', 'paused');
create index run_node on execution.run (node_id, started_at) where node_id is not null;

-- Who worked on a run, and when.
create table execution.labour (
  id uuid primary key,
  run_id uuid not null references execution.run (id),
  person_id text not null,
  name text not null,
  from_at bigint not null,
  to_at bigint check (to_at >= from_at)
);
create index labour_run on execution.labour (run_id, from_at);
create unique index labour_once on execution.labour (run_id, person_id) where to_at is null;

-- What came of a run, as it was reported.
create table execution.report (
  id uuid primary key,
  run_id uuid not null references execution.run (id),
  kind text not null check (kind in ('good', 'scrap', 'rework')),
  quantity numeric not null check (quantity > 0),
  lot_id uuid,
  reason_id uuid,
  reason text not null,
  at bigint not null,
  recorded_at bigint not null,
  reported_by text not null,
  reported_by_name text not null
);
create index report_run on execution.report (run_id, at);
create function execution.refuse_change_of_report() returns trigger language plpgsql as $$
begin
  raise exception 'what was reported never changes' using errcode = 'restrict_violation';
end $$;
create trigger report_is_immutable before update or delete on execution.report
  for each row execute function execution.refuse_change_of_report();

-- Refusals that somebody answered for by signature.
create table execution.gate_override (
  id uuid primary key,
  run_id uuid not null references execution.run (id),
  kind text not null,
  subject text,
  message text not null,
  reason text not null,
  overridden_by text not null,
  at bigint not null
);
create index gate_override_run on execution.gate_override (run_id);
create function execution.refuse_change_of_override() returns trigger language plpgsql as $$
begin
  raise exception 'what somebody signed for never changes' using errcode = 'restrict_violation';
end $$;
create trigger gate_override_is_immutable before update or delete on execution.gate_override
  for each row execute function execution.refuse_change_of_override();
