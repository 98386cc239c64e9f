import type { DataSet } from './data-set.ts'
import { traceTags } from './machine.ts'
import type { PartName } from './parts.ts'
import { assembly, materialOf, partNames } from './parts.ts'

export const sitePath = 'nist/gaithersburg'
export const machinePath = `${sitePath}/machining/hurco-04`
export const assemblyPath = `${sitePath}/assembly`
export const storePath = `${sitePath}/store`

/** What the release of all definitions names as its document. */
const document = 'NIST SMS test bed, files of the technical data package'
const reason = 'Taken over from the published files of the test bed'

/** Where it was: one machine with its items, a bench, a store. */
export const equipmentModel = {
  classes: [
    {
      name: 'HurcoVmx24',
      description: 'Milling machine Hurco VMX 24 with the items that its MTConnect adapter tells',
      tags: traceTags.map(({ name, dataType, unit, description, decimals }) => {
        return { name, dataType, unit, description, decimals }
      }),
    },
  ],
  nodes: [
    {
      path: 'nist',
      level: 'enterprise',
      description: 'Imported from the published data of its manufacturing test bed',
    },
    { path: sitePath, level: 'site', timeZone: 'America/New_York', description: 'Shop of the test bed' },
    { path: `${sitePath}/machining`, level: 'work-center', description: 'Milling' },
    { path: machinePath, level: 'work-unit', class: 'HurcoVmx24', description: 'Hurco VMX 24 #4' },
    { path: assemblyPath, level: 'work-center', description: 'Assembly of the box' },
    { path: storePath, level: 'work-center', description: 'Parts whose making the files do not tell' },
  ],
}

const positionOf = (index: number): number => 10 * (index + 1)

const piece = { unit: '1', control: 'serial', quarantineOnReceipt: false } as const

/** The parts, the assembly and what goes into it. */
export const materials = {
  materials: [
    { code: assembly, name: 'Box, assembled', kind: 'product' as const, ...piece },
    ...partNames.map((part) => ({
      ...{
        code: materialOf(part),
        name: `${part.charAt(0).toUpperCase()}${part.slice(1)} of the box assembly`,
        kind: 'intermediate' as const,
        ...piece,
      },
    })),
  ],
  boms: [{ product: assembly, lines: partNames.map((part, index) => lineOf(part, index)) }],
  document,
  reason,
}

function lineOf(part: PartName, index: number) {
  return { position: positionOf(index), material: materialOf(part), quantity: '1', unit: '1' }
}

/** How each part that has traces was made, and how the box is put together. */
export function definitionsOf({ traces, programs }: Pick<DataSet, 'traces' | 'programs'>) {
  const made = [...Map.groupBy(traces, ({ part }) => part)].map(([part, of]) => {
    const operations = [...new Set(of.map(({ operation }) => operation))].sort((a, b) => a - b)
    return {
      code: `R-${materialOf(part)}`,
      product: materialOf(part),
      operations: operations.map((operation) => ({
        sequence: sequenceOf(operation),
        name: `Mill, operation ${operation}`,
        at: { path: machinePath },
        program: programOf(programs, part, operation),
      })),
    }
  })
  const together = {
    code: `R-${assembly}`,
    product: assembly,
    operations: [
      {
        ...{ sequence: 10, name: 'Put together', at: { path: assemblyPath } },
        ...{ instruction: 'WI-NIST-ASSEMBLY', bomPositions: partNames.map((_, index) => positionOf(index)) },
      },
    ],
  }
  return { workDefinitions: [...made, together], instructions: [instruction], document, reason }
}

export const sequenceOf = (operation: number): number => 10 * operation

function programOf(programs: DataSet['programs'], part: PartName, operation: number) {
  const found = programs.find(({ ranAs }) => ranAs?.part === part && ranAs.operation === operation)
  return found === undefined ? null : { name: found.file.name, sha256: found.file.sha256 }
}

const instruction = {
  code: 'WI-NIST-ASSEMBLY',
  title: { en: 'Put the box together' },
  steps: partNames.map((part, index) => ({
    key: part,
    title: { en: `Scan the ${part}` },
    ask: { type: 'scan', expects: 'material', bomPosition: positionOf(index) },
  })),
}
