import { z } from 'zod'
import { operation } from '../operation.ts'
import { idOf, PathName } from '../primitives.ts'
import { DataType } from '../sample.ts'
import { Connection } from './connection.ts'
import { TagSource } from './tag.ts'

/** All that one edge agent must know to do its work; it keeps a copy, to start without the server. */
export const AgentConfiguration = z.object({
  /** Changes whenever anything in this document changes. */
  version: z.string(),
  connections: z.array(Connection),
  tags: z.array(
    z.object({
      id: idOf<'Tag'>(),
      path: z.string(),
      dataType: DataType,
      rangeLow: z.number().nullable(),
      rangeHigh: z.number().nullable(),
      deadband: z.number(),
      writable: z.boolean(),
      source: TagSource,
    }),
  ),
})
export type AgentConfiguration = z.infer<typeof AgentConfiguration>

/** `known` saves the transfer: when the version is still the same, `configuration` is null. */
export const getAgentConfiguration = operation({
  name: 'equipment.agent-configuration.get',
  summary: 'Get the connections and tags that one edge agent serves',
  permission: 'equipment.agent.configure',
  scope: 'any',
  mutates: false,
  input: z.object({ agent: PathName, known: z.string().nullable().default(null) }),
  output: z.object({ version: z.string(), configuration: AgentConfiguration.nullable() }),
})
