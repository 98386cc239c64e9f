-- Numbers that were given: of deviations.
create table quality.number (
  series text primary key,
  last bigint not null
);

create table quality.deviation (
  id uuid primary key,
  code text not null unique,
  title text not null,
  description text not null,
  severity text not null check (severity in ('minor', 'major', 'critical')),
  state text not null check (state in ('open', 'closed', 'void')),
  cause_kind text not null,
  cause_ref text not null,
  at bigint not null,
  opened_at bigint not null,
  opened_by text not null,
  node_id uuid,
  order_id uuid,
  order_code text,
  run_id uuid,
  about text not null,
  window_from bigint,
  window_to bigint,
  tag_ids uuid[] not null,
  closed_at bigint,
  closed_by text,
  conclusion text,
  disposition text,
  version integer not null check (version > 0),
  -- Heard of twice, a cause opens one deviation.
  unique (cause_kind, cause_ref),
  check ((state = 'open') = (closed_at is null)),
  check ((state = 'closed') = (disposition is not null)),
  check ((window_from is null) = (window_to is null))
);
create index deviation_state on quality.deviation (state, opened_at);
create index deviation_order on quality.deviation (order_id);

-- What is closed stays as it was signed: not even a person with SQL changes it.
create function quality.refuse_change_of_closed_deviation() returns trigger language plpgsql as $$
begin
  raise exception 'deviation % is %, which is for good', old.code, old.state
    using errcode = 'restrict_violation', hint = 'open another deviation';
end $$;
create trigger deviation_closed_is_immutable
  before update or delete on quality.deviation
  for each row when (old.state <> 'open')
  execute function quality.refuse_change_of_closed_deviation();

create table quality.deviation_lot (
  deviation_id uuid not null references quality.deviation (id),
  lot_id uuid not null,
  code text not null,
  primary key (deviation_id, lot_id)
);
create index deviation_lot_lot on quality.deviation_lot (lot_id);

create table quality.deviation_note (
  id uuid primary key,
  deviation_id uuid not null references quality.deviation (id),
  at bigint not null,
  by text not null,
  text text not null
);
create index deviation_note_deviation on quality.deviation_note (deviation_id, at);

create table quality.inspection (
  id uuid primary key,
  kind text not null check (kind in ('incoming', 'in-process', 'first-article', 'final')),
  lot_id uuid,
  piece text not null,
  node_id uuid,
  order_id uuid,
  run_id uuid,
  gauge text,
  at bigint not null,
  recorded_at bigint not null,
  recorded_by text not null,
  document text,
  passed boolean,
  results jsonb not null check (jsonb_typeof(results) = 'array')
);
create index inspection_lot on quality.inspection (lot_id, at);
create index inspection_order on quality.inspection (order_id, at);
create index inspection_gauge on quality.inspection (lower(gauge), at);
create index inspection_at on quality.inspection (at);
-- One file is one inspection of a piece: read twice, it is recorded once.
create unique index inspection_document on quality.inspection (document, piece) where document is not null;
create trigger inspection_kept before update or delete or truncate on quality.inspection
  for each statement execute function platform.refuse_change();
