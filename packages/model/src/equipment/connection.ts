import { z } from 'zod'
import { operation } from '../operation.ts'
import { idOf, PathName } from '../primitives.ts'

const DriverName = z.enum(['opcua', 'modbus', 'sparkplug', 'mtconnect', 'file', 'mqtt-json'])
export type DriverName = z.infer<typeof DriverName>

/** One protocol session from one edge agent to one device or server. */
export const Connection = z.object({
  id: idOf<'Connection'>(),
  name: PathName,
  /** The name of the edge agent that dials it. */
  agent: PathName,
  driver: DriverName,
  /** In the driver's own form: `opc.tcp://host:4840`, `tcp://host:502`, `mqtt://host:1883`, `http://host:5000`, `file:///drop/cmm-01`. */
  endpoint: z.string().min(1).max(500),
  /** The driver's own settings; each driver checks them by a schema of its own. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type Connection = z.infer<typeof Connection>

export const listConnections = operation({
  name: 'equipment.connection.list',
  summary: 'List the connections to devices, by name',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(Connection),
})
