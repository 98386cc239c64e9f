-- One row that counts the changes of the model. Locking it makes changes take turns; its number tells readers whether
-- anything is new.
create table equipment.revision (
  only_one boolean primary key default true check (only_one),
  number bigint not null
);
insert into equipment.revision (number) values (0);

create table equipment.class_version (
  id uuid primary key,
  name text not null,
  version integer not null check (version > 0),
  state text not null check (state in ('draft', 'published')),
  description text not null,
  tags jsonb not null check (jsonb_typeof(tags) = 'array'),
  published_at bigint,
  check ((state = 'published') = (published_at is not null))
);
create unique index class_version_name on equipment.class_version (lower(name), version);
create unique index class_version_one_draft on equipment.class_version (lower(name)) where state = 'draft';

-- Instances, audit entries and validation records point at a published version: not even a person with SQL changes it.
create function equipment.refuse_change_of_published_class() returns trigger language plpgsql as $$
begin
  raise exception 'version % of equipment class % is published and never changes', old.version, old.name
    using errcode = 'restrict_violation', hint = 'draft the next version';
end $$;
create trigger class_version_published_is_immutable
  before update or delete on equipment.class_version
  for each row when (old.state = 'published')
  execute function equipment.refuse_change_of_published_class();

create table equipment.connection (
  id uuid primary key,
  name text not null,
  agent text not null,
  driver text not null,
  endpoint text not null,
  options jsonb not null check (jsonb_typeof(options) = 'object')
);
create unique index connection_name on equipment.connection (lower(name));
create index connection_agent on equipment.connection (agent);

create table equipment.node (
  id uuid primary key,
  parent_id uuid references equipment.node (id) check (parent_id <> id),
  level text not null
    check (level in ('enterprise', 'site', 'area', 'work-center', 'work-unit', 'equipment-module')),
  name text not null,
  description text not null,
  path text collate "C" not null unique check (path = lower(path)),
  class_version_id uuid references equipment.class_version (id),
  time_zone text,
  check ((level = 'enterprise') = (parent_id is null)),
  check ((level = 'site') = (time_zone is not null))
);
create index node_parent on equipment.node (parent_id);

create table equipment.tag (
  id uuid primary key,
  node_id uuid not null references equipment.node (id),
  name text not null,
  path text collate "C" not null unique check (path = lower(path)),
  description text not null,
  data_type text not null check (data_type in ('double', 'int64', 'boolean', 'string')),
  unit text not null,
  range_low double precision,
  range_high double precision,
  normal_low double precision,
  normal_high double precision,
  deadband double precision not null check (deadband >= 0),
  decimals integer not null,
  writable boolean not null,
  connection_id uuid references equipment.connection (id),
  address text,
  scale double precision,
  "offset" double precision,
  sample_ms integer,
  stale_after_ms integer,
  -- Its class no longer has it. The row stays, for the readings kept under its id.
  retired boolean not null default false,
  check (num_nulls(connection_id, address, scale, "offset", sample_ms, stale_after_ms) in (0, 6)),
  check (not (retired and connection_id is not null))
);
create index tag_node on equipment.tag (node_id);
create unique index tag_source on equipment.tag (connection_id, address) where connection_id is not null;

-- Readings are kept by tag id and say neither unit nor place: so the row must go on meaning what it meant.
create function equipment.refuse_change_of_identity() returns trigger language plpgsql as $$
begin
  raise exception '% of % is part of its identity and is never changed or deleted', tg_argv[0], old.path
    using errcode = 'restrict_violation', hint = 'make a new one under another name';
end $$;
create trigger node_stays_where_it_is
  before update on equipment.node
  for each row when ((old.id, old.parent_id, old.level, old.path) is distinct from (new.id, new.parent_id, new.level, new.path))
  execute function equipment.refuse_change_of_identity('the place');
create trigger node_is_kept
  before delete on equipment.node
  for each row execute function equipment.refuse_change_of_identity('the node');
create trigger tag_means_what_it_meant
  before update on equipment.tag
  for each row when ((old.id, old.node_id, old.path, old.data_type, old.unit) is distinct from (new.id, new.node_id, new.path, new.data_type, new.unit))
  execute function equipment.refuse_change_of_identity('the place, data type or unit');
create trigger tag_is_kept
  before delete on equipment.tag
  for each row execute function equipment.refuse_change_of_identity('the tag');

create function equipment.refuse_truncate() returns trigger language plpgsql as $$
begin
  raise exception 'table %.% is never emptied', tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger class_version_is_kept before truncate on equipment.class_version execute function equipment.refuse_truncate();
create trigger node_is_not_emptied before truncate on equipment.node execute function equipment.refuse_truncate();
create trigger tag_is_not_emptied before truncate on equipment.tag execute function equipment.refuse_truncate();
