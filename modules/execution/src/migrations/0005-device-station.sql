-- At which station people badged in on a device: what it makes is delivered from there.
create table execution.device_station (
  id uuid primary key,
  device uuid not null,
  station_id uuid not null,
  station text not null,
  since bigint not null
);
create index device_station_device on execution.device_station (device, since);
