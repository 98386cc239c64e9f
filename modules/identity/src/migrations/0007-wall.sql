-- A wall shows, without a person; badge and PIN work at terminals.
alter table identity.station
  add column kind text not null default 'terminal' check (kind in ('terminal', 'wall')),
  add constraint station_sign_in check (kind = 'terminal' or sign_in = '{}');
