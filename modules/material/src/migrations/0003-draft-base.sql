-- From which version a draft was drawn, where somebody said so: part of the version, so that it is signed with it.
create table material.bom_base (
  bom_id uuid primary key references material.bom (id),
  drawn_from integer not null check (drawn_from > 0)
);
