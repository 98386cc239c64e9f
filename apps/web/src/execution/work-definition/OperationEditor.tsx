import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { EquipmentNode } from '@throughline/model'
import { listClasses, listInstructions } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { PartProblems } from '../form/PartProblems.tsx'
import { Tick } from '../form/Tick.tsx'
import { textIn } from '../version/version-words.ts'
import type { TypedOperation } from './definition-draft.ts'
import { ParameterFields } from './ParameterFields.tsx'

interface OperationEditorProps {
  readonly operation: TypedOperation
  readonly number: number
  readonly before: readonly TypedOperation[]
  readonly nodes: readonly EquipmentNode[]
  readonly problems: readonly string[]
  readonly onChange: (change: Partial<TypedOperation>) => void
}

type TextField = 'sequence' | 'name' | 'setup' | 'run' | 'batchSize' | 'skills' | 'tools' | 'positions'

/** One operation: where, how long, by whom, with what, following what, within which limits. */
export function OperationEditor(props: OperationEditorProps): ReactElement {
  const { operation, number, before, nodes, problems, onChange } = props
  const { data: classes } = useQuery(ask(listClasses, {}))
  const { data: instructions } = useQuery(ask(listInstructions, {}))
  const field = (name: TextField, label: string, description?: string): ReactElement => (
    <TextInput
      label={label}
      {...(description === undefined ? {} : { description })}
      value={operation[name]}
      maxLength={400}
      onChange={({ currentTarget: { value } }) => onChange({ [name]: value })}
    />
  )
  const classNames = [...new Set(classes?.map(({ name }) => name))].sort()
  return (
    <section className="draft-editor" aria-labelledby="draft-operation">
      <h2 id="draft-operation">Operation {number}</h2>
      <PartProblems noun="operation" problems={problems} />
      <div className="form-grid">
        {field('sequence', 'Sequence', '10, 20, 30')}
        {field('name', 'Name')}
        <NativeSelect
          label="Done at"
          value={operation.place}
          data={[
            { value: 'path', label: 'This place, or what is in it' },
            { value: 'class', label: 'Any equipment of a class' },
          ]}
          onChange={({ currentTarget: { value } }) => onChange({ place: value === 'class' ? 'class' : 'path' })}
        />
        {operation.place === 'class' ? (
          <NativeSelect
            label="Class"
            value={operation.equipmentClass}
            data={[{ value: '', label: 'Choose' }, ...classNames.map((value) => ({ value, label: value }))]}
            onChange={({ currentTarget: { value } }) => onChange({ equipmentClass: value })}
          />
        ) : (
          <div>
            <p className="performance-bar-label">Place</p>
            <ScopePicker
              label="Place"
              nodes={nodes}
              value={nodes.find(({ path }) => path === operation.path)?.id ?? null}
              onPick={(id) => onChange({ path: nodes.find((node) => node.id === id)?.path ?? '' })}
            />
          </div>
        )}
      </div>
      <div className="form-grid">
        {field('setup', 'Set-up time', 'Seconds')}
        {field('run', 'Time for each', 'Seconds')}
        {field('batchSize', 'Worked on together', '1 = each piece by itself')}
        {field('positions', 'Positions built in', 'Of the bill of material, with commas')}
        {field('skills', 'Skills', 'All of them, with commas')}
        {field('tools', 'Types of gauges and tools', 'To be scanned, with commas')}
        <NativeSelect
          label="Work instruction"
          value={operation.instruction}
          data={[
            { value: '', label: 'None' },
            ...(operation.instruction === '' || instructions?.some(({ code }) => code === operation.instruction)
              ? []
              : [{ value: operation.instruction, label: operation.instruction }]),
            ...(instructions ?? []).map(({ code, title }) => ({
              value: code as string,
              label: `${code}: ${textIn(title)}`,
            })),
          ]}
          onChange={({ currentTarget: { value } }) => onChange({ instruction: value })}
        />
        <NativeSelect
          label="Rework goes to"
          value={operation.reworkTo}
          data={[
            { value: '', label: 'Nowhere: there is no rework' },
            ...[...before, operation].map(({ sequence, name }) => ({ value: sequence, label: `${sequence} ${name}` })),
          ]}
          onChange={({ currentTarget: { value } }) => onChange({ reworkTo: value })}
        />
      </div>
      <Tick
        label="The equipment must be clean, and is dirty after it"
        on={operation.needsCleaning}
        onChange={(needsCleaning) => onChange({ needsCleaning })}
      />
      <Tick
        label="A special process: people and equipment are qualified for it"
        on={operation.specialProcess}
        onChange={(specialProcess) => onChange({ specialProcess })}
      />
      <ParameterFields parameters={operation.parameters} onChange={(parameters) => onChange({ parameters })} />
      <fieldset className="form-lines">
        <legend>Program that the machine must have loaded</legend>
        <div className="form-grid">
          <TextInput
            label="Name of the program"
            description="Empty = none"
            value={operation.programName}
            maxLength={100}
            onChange={({ currentTarget: { value } }) => onChange({ programName: value })}
          />
          <TextInput
            label="SHA-256 of its text"
            value={operation.programHash}
            maxLength={64}
            onChange={({ currentTarget: { value } }) => onChange({ programHash: value })}
          />
        </div>
      </fieldset>
    </section>
  )
}
