-- That a person may do something that not everybody may. Never changed but for the revocation, never taken away.
create table identity.qualification (
  id uuid primary key,
  person_id uuid not null references identity.person (id),
  skill text not null,
  evidence text not null,
  valid_from bigint not null,
  valid_to bigint check (valid_to > valid_from),
  only_for text,
  recorded_by text not null,
  recorded_at bigint not null,
  revoked_at bigint,
  revoked_by text,
  revoked_reason text,
  check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoked_reason is null))
);
create index qualification_person on identity.qualification (person_id, skill);
create index qualification_skill on identity.qualification (skill);
