-- What an order is to make is on record before it is there. Until it is made it is nobody's to use, also when quality has
-- held it meanwhile and lets it go.
alter table material.lot add column planned boolean not null default false;
alter table material.lot drop constraint lot_status_check;
alter table material.lot add constraint lot_status_check check (status in
  ('planned', 'quarantine', 'available', 'blocked', 'rejected', 'consumed', 'disposed', 'shipped'));
alter table material.lot add constraint lot_planned_check
  check (case status when 'planned' then planned when 'available' then not planned else true end);
