-- Which tag an unmapped source was given to. The samples themselves live in the sample store.
create table historian.source_mapping (
  source text primary key,
  tag_id uuid not null,
  mapped_by text not null,
  mapped_at bigint not null
);

-- Corrections of single samples: the system of record; the sample store shows the newest one for a tag and instant.
create table historian.sample_correction (
  id uuid primary key,
  seq bigint generated always as identity,
  tag_id uuid not null,
  at bigint not null,
  value jsonb not null,
  original_value jsonb not null,
  original_status bigint not null,
  reason text not null,
  corrected_by text not null,
  corrected_at bigint not null
);
create index sample_correction_tag on historian.sample_correction (tag_id, at, seq);

-- Each setting is a row; the newest holds.
create table historian.retention (
  id uuid primary key,
  seq bigint generated always as identity,
  raw_days integer check (raw_days > 0),
  minute_days integer check (minute_days > 0),
  reason text not null,
  set_by text not null,
  set_at bigint not null
);

-- What an equipment node was busy with, and when: from_at <= at < to_at. Never deleted: a correction is a new row.
create table historian.context_interval (
  id uuid primary key,
  node_id uuid not null,
  kind text not null,
  label text not null,
  from_at bigint not null,
  to_at bigint check (to_at > from_at),
  corrects uuid unique references historian.context_interval (id),
  reason text,
  is_current boolean not null default true,
  recorded_by text not null,
  recorded_at bigint not null
);
create index context_interval_node on historian.context_interval (node_id, kind, from_at) where is_current;
create index context_interval_label on historian.context_interval (kind, label) where is_current;
create unique index context_interval_open on historian.context_interval (node_id, kind) where is_current and to_at is null;
