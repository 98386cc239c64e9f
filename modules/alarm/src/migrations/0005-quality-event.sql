-- What quality found and alarms of the kind `event` are raised by. Told by quality, whose records it is.
create table alarm.quality_event (
  source text not null check (source in ('deviation', 'failed-inspection', 'gauge-out-of-tolerance')),
  -- Of the deviation, the inspection, or the asset with its calibration.
  ref text not null,
  detail text not null,
  severity text,
  node_id uuid,
  at bigint not null,
  -- It stands until this deviation is closed ...
  deviation_id uuid,
  -- ... and until this gauge, which was left out of tolerance, is in tolerance again.
  asset_id uuid,
  ended_at bigint,
  primary key (source, ref)
);
create index quality_event_standing on alarm.quality_event (at) where ended_at is null;
create index quality_event_deviation on alarm.quality_event (deviation_id);

-- Deviations that are closed: told first, their opening raises nothing.
create table alarm.closed_deviation (
  deviation_id uuid primary key,
  at bigint not null
);
