import { Button, TextInput } from '@mantine/core'
import type { EquipmentNode, EquipmentQualification } from '@throughline/model'
import { Code, listQualifiedEquipment, qualifyEquipment } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import { localHint, localInstant, localText } from '../../performance/window/window-choice.ts'
import { usePlantPaths } from '../node/plant-hooks.ts'

interface QualifyEquipmentProps {
  /** What there is already: processes by their spelling. */
  readonly known: readonly EquipmentQualification[]
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

/** Qualifies equipment for a special process by signature, with what shows it and until when. */
export function QualifyEquipment({ known, nodes, onClose }: QualifyEquipmentProps): ReactElement {
  const tree = usePlantPaths()
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(null)
  const node = nodes.find(({ id }) => id === nodeId)
  const fit = nodes.filter(({ level }) => !['enterprise', 'site', 'area'].includes(level))
  return (
    <section className="performance-panel" aria-labelledby="qualify-equipment">
      <div className="performance-panel-head">
        <h2 id="qualify-equipment">Qualify equipment</h2>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
      <div className="access-form qualify-form">
        <div>
          <p className="performance-bar-label">Equipment</p>
          <ScopePicker label="Equipment" nodes={fit} value={nodeId} onPick={setNodeId} none="Type part of its path" />
        </div>
        {node === undefined ? null : (
          <QualificationOf
            key={node.id}
            node={node}
            timeZone={tree.timeZoneOf(node.id)}
            processes={[...new Set(known.map(({ process }) => process as string))].sort()}
            onDone={onClose}
          />
        )}
      </div>
    </section>
  )
}

interface QualificationOfProps {
  readonly node: EquipmentNode
  readonly timeZone: string | undefined
  readonly processes: readonly string[]
  readonly onDone: () => void
}

function QualificationOf({ node, timeZone, processes, onDone }: QualificationOfProps): ReactElement {
  const now = useNow(60_000)
  const [process, setProcess] = useState('')
  const [evidence, setEvidence] = useState('')
  const [from, setFrom] = useState(() => localText(now, timeZone))
  const [to, setTo] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const validFrom = localInstant(from, timeZone)
  const validTo = to.trim() === '' ? null : localInstant(to, timeZone)
  const until = to.trim() === '' ? 'without end' : `until ${to.trim()}`
  const signing = useSigning(
    { kind: 'equipment.node', id: node.id },
    {
      makes: `qualification of ${node.path} for ${process.trim()} from ${from.trim()}, ${until}, shown by: ${evidence.trim()}`,
      meanings: ['approved'],
      effect: 'From then on this special process may be done there, and on what belongs to it.',
      shows: [{ queryKey: [listQualifiedEquipment.name] }],
      sign: async (signature) => {
        if (validFrom === undefined || validTo === undefined) return
        await client(qualifyEquipment, {
          ...{ nodeId: node.id, process: process.trim(), evidence: evidence.trim(), validFrom, validTo, signature },
        })
        onDone()
      },
    },
  )

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const wrong = !Code.safeParse(process.trim()).success
      ? 'Give the process by the skill that operations ask for first, such as NDT-UT-2.'
      : evidence.trim().length < 3
        ? 'Say by what it was shown: report, survey, certificate.'
        : validFrom === undefined || validTo === undefined
          ? 'Give times such as 2026-11-22 14:05.'
          : validTo !== null && validTo <= validFrom
            ? 'Set the end after the beginning.'
            : undefined
    setProblem(wrong)
    if (wrong === undefined) signing.start()
  }

  return (
    <form className="access-form" onSubmit={onSubmit} noValidate>
      <TextInput
        label="Process"
        description="As operations name it: the first skill of one that is a special process"
        list="known-processes"
        value={process}
        maxLength={60}
        onChange={({ currentTarget: { value } }) => setProcess(value)}
      />
      <datalist id="known-processes">
        {processes.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <TextInput
        label="Evidence"
        description="Report, survey, certificate"
        value={evidence}
        maxLength={500}
        onChange={({ currentTarget: { value } }) => setEvidence(value)}
      />
      <TextInput
        label="Valid from"
        description={localHint(timeZone)}
        value={from}
        onChange={({ currentTarget: { value } }) => setFrom(value)}
      />
      <TextInput
        label="Valid until"
        description="Not any more from then on; empty = without end"
        value={to}
        onChange={({ currentTarget: { value } }) => setTo(value)}
      />
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      <div>
        <Button type="submit" loading={signing.starting}>
          Sign and qualify
        </Button>
      </div>
      {signing.problem === null ? null : (
        <ProblemNotice what="The signature could not be prepared" error={signing.problem} />
      )}
      {signing.sheet}
    </form>
  )
}
