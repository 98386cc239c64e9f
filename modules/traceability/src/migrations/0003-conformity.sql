-- What the plant states of pieces that it releases. A draft becomes the certificate by its signature; then it never changes.
create table traceability.conformity (
  id uuid primary key,
  number text not null unique,
  state text not null check (state in ('draft', 'released')),
  order_id uuid not null,
  order_code text not null,
  reference text not null,
  product text not null,
  product_name text,
  drawing jsonb,
  versions jsonb not null check (jsonb_typeof(versions) = 'array'),
  pieces jsonb not null check (jsonb_typeof(pieces) = 'array'),
  quantity numeric not null,
  unit text not null,
  ordered numeric not null,
  concessions jsonb not null check (jsonb_typeof(concessions) = 'array'),
  statement text not null,
  drafted_by text not null,
  drafted_at bigint not null,
  released_by text,
  released_at bigint,
  check ((state = 'released') = (released_at is not null) and (released_by is null) = (released_at is null))
);
create index conformity_order on traceability.conformity (order_id);
create unique index conformity_draft on traceability.conformity (order_id) where state = 'draft';

create function traceability.refuse_change_of_certificate() returns trigger language plpgsql as $$
begin
  raise exception 'a released certificate never changes' using errcode = 'restrict_violation',
    hint = 'draft another one';
end $$;
create trigger conformity_released_is_immutable before update or delete on traceability.conformity
  for each row when (old.state = 'released') execute function traceability.refuse_change_of_certificate();
