import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'

/** How people may sign in at a station. */
const StationSignIn = z.enum(['badge', 'password'])

/** What a device is for: people work at a terminal; a board on the wall only shows, and nobody signs in there. */
const StationKind = z.enum(['terminal', 'wall'])

/**
 * A device of the plant that was set up by an administrator. Badge and PIN work at terminals and nowhere else; a wall reads
 * what its page shows of its equipment, without a person, and changes nothing.
 */
export const Station = z.object({
  id: idOf<'Station'>(),
  name: z.string(),
  nodeId: idOf<'EquipmentNode'>(),
  kind: StationKind,
  /** Empty at a wall. */
  signIn: z.array(StationSignIn),
  /** Unused for this long, a terminal locks itself; means nothing at a wall. */
  idleTimeoutMs: z.int(),
  state: z.enum(['registered', 'retired']),
  registeredAt: InstantSchema,
})
export type Station = z.infer<typeof Station>

const reason = z.string().min(3).max(500)

export const listStations = operation({
  name: 'identity.station.list',
  summary: 'List all stations, by name',
  permission: 'identity.person.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.array(Station),
})

/** The device that asks becomes the station: its proof goes into a cookie of that browser and is shown nowhere. */
export const registerStation = operation({
  name: 'identity.station.register',
  summary: 'Make this device a station',
  permission: 'identity.station.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  answersOnce: true,
  input: z.object({
    name: z.string().trim().min(1).max(60),
    nodeId: idOf<'EquipmentNode'>(),
    kind: StationKind.default('terminal'),
    /** Ways at a terminal; a wall has none, whatever is given. */
    signIn: z.array(StationSignIn).min(1).default(['badge']),
    /** 1 minute to 1 hour; default 5 minutes. */
    idleTimeoutMs: z.int().min(60_000).max(3_600_000).default(300_000),
    reason,
  }),
  output: Station,
})

export const retireStation = operation({
  name: 'identity.station.retire',
  summary: 'Retire a station: nobody can sign in there any more, and a wall shows nothing more',
  permission: 'identity.station.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: z.object({ stationId: idOf<'Station'>(), reason }),
  output: Station,
})

/** Answers the station that asks; a device that is none gets `null`. */
export const getCurrentStation = operation({
  name: 'identity.station.get-current',
  summary: 'Tell which station this device is',
  permission: 'anyone',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: Station.nullable(),
})
