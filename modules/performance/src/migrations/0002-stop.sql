-- Why a machine stopped, or why a part is scrap: a tree for each node that has one.
create table performance.reason (
  id uuid primary key,
  kind text not null check (kind in ('stop', 'scrap')),
  node_id uuid not null,
  parent_id uuid references performance.reason (id) check (parent_id <> id),
  code text not null,
  texts jsonb not null check (texts ? 'en'),
  category text check (category in ('down', 'setup', 'delay', 'planned', 'no-order')),
  inside_planned_time boolean not null,
  machine_codes text[] not null,
  retired boolean not null default false,
  check (kind = 'stop' or category is null)
);
create unique index reason_code_in_tree on performance.reason (node_id, kind, lower(code));

create table performance.stop (
  id uuid primary key,
  node_id uuid not null,
  from_at bigint not null,
  to_at bigint check (to_at > from_at),
  state text not null check (state in ('idle', 'starved', 'blocked', 'down', 'changeover')),
  label text not null,
  -- Shorter than this and it is a minor stop. Kept with the stop: the rule of its class may change later.
  minor_below_us bigint not null check (minor_below_us >= 0),
  reason_id uuid references performance.reason (id),
  reason_by text check (reason_by in ('machine', 'rule', 'person')),
  -- What the machine's reason tag said, whether a reason knows it or not.
  machine_code text,
  order_name text,
  product text,
  caused_by uuid,
  -- Counts the changes by people; who made the last one, and when.
  version integer not null check (version > 0),
  changed_by text,
  changed_at bigint,
  -- People gave it its bounds: it begins where one was cut, or spans several states.
  cut_from boolean not null,
  joined boolean not null,
  came_from uuid[] not null,
  replaced_at bigint,
  check ((reason_id is null) = (reason_by is null))
);
create index stop_time on performance.stop (node_id, from_at) where replaced_at is null;
create index stop_open on performance.stop (node_id) where replaced_at is null and to_at is null;
create index stop_reason on performance.stop (reason_id, from_at) where replaced_at is null;
create index stop_came_from on performance.stop using gin (came_from);

-- Part of the record of its stop.
create table performance.stop_comment (
  id uuid primary key,
  stop_id uuid not null references performance.stop (id),
  text text not null,
  at bigint not null,
  by text not null,
  photo text check (photo ~ '^[0-9a-f]{64}$')
);
create index stop_comment_stop on performance.stop_comment (stop_id, at);
create index stop_comment_photo on performance.stop_comment (photo) where photo is not null;

create table performance.count_entry (
  id uuid primary key,
  node_id uuid not null,
  kind text not null check (kind in ('produced', 'scrap', 'rework')),
  quantity numeric not null check (quantity > 0),
  reason_id uuid references performance.reason (id),
  made_at bigint not null,
  order_name text,
  product text,
  comment text not null,
  recorded_at bigint not null,
  recorded_by text not null,
  corrects uuid references performance.count_entry (id),
  -- Once it no longer counts: when, by whom and why, also when nothing took its place.
  replaced_at bigint,
  replaced_by text,
  replaced_why text,
  check ((replaced_at is null) = (replaced_by is null)),
  check ((replaced_at is null) = (replaced_why is null))
);
create index count_entry_time on performance.count_entry (node_id, made_at);

create table performance.andon_call (
  id uuid primary key,
  node_id uuid not null,
  kind text not null check (kind in ('maintenance', 'quality', 'material', 'supervisor', 'safety')),
  text text not null,
  stop_id uuid references performance.stop (id),
  state text not null check (state in ('called', 'acknowledged', 'resolved')),
  called_at bigint not null,
  called_by text not null,
  acknowledged_at bigint,
  acknowledged_by text,
  resolved_at bigint,
  resolved_by text,
  resolution text,
  check ((state = 'called') = (acknowledged_at is null)),
  check ((state = 'resolved') = (resolved_at is not null))
);
-- Two who call for the same thing at one machine call once.
create unique index andon_call_open on performance.andon_call (node_id, kind) where state <> 'resolved';
create index andon_call_time on performance.andon_call (called_at);
