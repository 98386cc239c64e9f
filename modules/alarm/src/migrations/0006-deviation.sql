-- Of a transition that something made which quality found: the deviation about it.
alter table alarm.transition add column deviation_id uuid;
create index transition_deviation on alarm.transition (deviation_id) where deviation_id is not null;
