-- The master alarm database: one row a version.
create table alarm.definition (
  id uuid primary key,
  name text not null,
  version integer not null check (version > 0),
  node_id uuid not null,
  tag_id uuid,
  message text not null,
  condition jsonb not null,
  on_delay_seconds double precision not null check (on_delay_seconds >= 0),
  off_delay_seconds double precision not null check (off_delay_seconds >= 0),
  latched boolean not null,
  cause text not null,
  consequence text not null,
  response text not null,
  severity text not null,
  time_to_respond text not null,
  quality_critical boolean not null,
  suppress_while jsonb,
  priority integer not null check (priority between 1 and 4),
  change_reason text not null,
  drafted_by text not null,
  drafted_at bigint not null
);
create unique index definition_version on alarm.definition (lower(name), version);
create index definition_node on alarm.definition (node_id);
create index definition_tag on alarm.definition (tag_id);

-- Which versions are or were in force; only those make alarms. A record beside the version, which stays as it was signed.
create table alarm.release (
  definition_id uuid primary key references alarm.definition (id),
  name text not null,
  state text not null check (state in ('released', 'superseded', 'retired')),
  released_at bigint not null,
  -- The document by which an alarm was released elsewhere and taken over at commissioning.
  adopted_from text,
  ended_at bigint,
  end_reason text,
  check ((state = 'released') = (ended_at is null))
);
create unique index release_one_in_force on alarm.release (lower(name)) where state = 'released';

-- Alarms were judged by what a released version says: not even a person with SQL changes that.
create function alarm.refuse_change_of_released_definition() returns trigger language plpgsql as $$
begin
  if exists (select from alarm.release where definition_id = old.id) then
    raise exception 'version % of alarm % was released and never changes', old.version, old.name
      using errcode = 'restrict_violation', hint = 'draft the next version';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger definition_released_is_immutable
  before update or delete on alarm.definition
  for each row execute function alarm.refuse_change_of_released_definition();

-- Where each alarm stands: worked out of its transitions, and of the last reading.
create table alarm.alarm (
  definition_id uuid primary key references alarm.definition (id),
  name text not null unique,
  state text not null,
  -- The process underneath, as it was last known; and whether the signal is good enough to know it now.
  abnormal boolean not null,
  known boolean not null,
  -- Whether the design asks for suppression, whatever the state.
  suppression_holds boolean not null,
  occurrence_id uuid,
  occurred_at bigint,
  detail text not null,
  since bigint not null,
  changed_by text,
  comment text not null,
  shelved_until bigint
);
create index alarm_shelved on alarm.alarm (shelved_until) where shelved_until is not null;

-- What happened to alarms: added to, never changed.
create table alarm.transition (
  id uuid primary key,
  seq bigint generated always as identity,
  definition_id uuid not null references alarm.definition (id),
  occurrence_id uuid,
  name text not null,
  node_id uuid not null,
  tag_id uuid,
  message text not null,
  priority integer not null,
  event text not null,
  from_state text not null,
  to_state text not null,
  at bigint not null,
  recorded_at bigint not null,
  changed_by text,
  comment text not null,
  detail text not null,
  shelved_until bigint,
  order_label text,
  batch_label text
);
create index transition_at on alarm.transition (at, seq);
create index transition_definition on alarm.transition (definition_id, at, seq);
create index transition_node on alarm.transition (node_id, at, seq);
create function alarm.refuse_change_of_transition() returns trigger language plpgsql as $$
begin
  raise exception 'what happened to an alarm never changes' using errcode = 'restrict_violation';
end $$;
create trigger transition_is_immutable before update or delete on alarm.transition
  for each row execute function alarm.refuse_change_of_transition();

-- Transitions gathered by occurrence, for the figures.
create table alarm.occurrence (
  id uuid primary key,
  definition_id uuid not null references alarm.definition (id),
  name text not null,
  message text not null,
  priority integer not null,
  node_id uuid not null,
  at bigint not null,
  acknowledged_at bigint,
  returned_at bigint,
  hidden boolean not null,
  order_label text,
  batch_label text
);
create index occurrence_at on alarm.occurrence (at);
create index occurrence_node on alarm.occurrence (node_id, at);
create index occurrence_definition on alarm.occurrence (definition_id, at);
create index occurrence_standing on alarm.occurrence (at) where returned_at is null;

-- What the watch knows of an alarm's condition after the last crossing that is written, and up to which reading.
create table alarm.watch_memory (
  definition_id uuid primary key references alarm.definition (id),
  told bigint not null,
  memory jsonb not null
);
