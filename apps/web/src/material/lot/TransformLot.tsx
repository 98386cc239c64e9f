import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Lot, MaterialDefinition } from '@throughline/model'
import { listMaterialDefinitions, transformLot } from '@throughline/model'
import { ProblemNotice, unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { piecesText, quantityProblem, typedQuantity } from '../../execution/form/amount.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { LotNumberField } from './LotNumberField.tsx'

interface TransformLotProps {
  readonly lot: Lot
  readonly onClose: () => void
}

const unitOf = ({ unit }: Pick<MaterialDefinition, 'unit'>): string => unitLabel(unit) || 'pieces'

/** Makes some of a lot, or all of it, into a lot of another material without an order. */
export function TransformLot({ lot, onClose }: TransformLotProps): ReactElement {
  const navigate = useNavigate()
  const { data: materials, error } = useQuery(ask(listMaterialDefinitions, { state: 'effective' }))
  const [material, setMaterial] = useState('')
  const [quantity, setQuantity] = useState<string>(lot.quantity)
  const [made, setMade] = useState('')
  const [code, setCode] = useState('')
  const definition = materials?.find((each) => each.code === material)
  const isPiece = definition?.control === 'serial'
  // As much as is taken, until somebody says otherwise: relabelled or thawed, the amount stays.
  const becomes = made !== '' ? made : isPiece ? '1' : definition?.unit === lot.unit ? quantity : ''

  function problem(): string | undefined {
    if (definition === undefined) return 'Choose the material that it becomes.'
    const taken = quantityProblem(quantity)
    if (taken !== undefined) return `Taken: ${taken}`
    const made = quantityProblem(becomes)
    if (made !== undefined) return `Made: ${made}`
    return isPiece && typedQuantity(becomes) !== '1'
      ? `${material} has a number for each piece: one piece is made at a time.`
      : undefined
  }

  async function save(reason: string): Promise<void> {
    const { to } = await client(transformLot, {
      ...{ lotId: lot.id, quantity: typedQuantity(quantity), material, made: typedQuantity(becomes), reason },
      code: code.trim() === '' ? null : code.trim(),
    })
    await navigate({ to: '/lots/$code', params: { code: to.code } })
  }

  return (
    <TaskDialog
      title={`Make ${lot.code} into another material`}
      verb="Make it"
      failure="Nothing was made of the lot"
      check={problem}
      onSave={save}
      onClose={onClose}
    >
      <p>
        Without an order: relabelled, repacked, thawed. What it becomes is a new lot; its history leads back to this
        one.
      </p>
      {error === null ? null : <ProblemNotice what="The materials could not be read" error={error} />}
      <NativeSelect
        label="It becomes"
        value={material}
        onChange={({ currentTarget: { value } }) => setMaterial(value)}
        data={[
          { value: '', label: 'Choose' },
          ...(materials ?? []).map((each) => ({ value: each.code as string, label: `${each.code} ${each.name}` })),
        ]}
      />
      <TextInput
        label="Taken from this lot"
        description={`In ${unitOf(lot)}. There are ${piecesText(lot.quantity, lot.unit)}.`}
        inputMode="decimal"
        value={quantity}
        onChange={({ currentTarget: { value } }) => setQuantity(value)}
      />
      <TextInput
        label="Made of it"
        description={definition === undefined ? 'Choose the material first.' : `In ${unitOf(definition)}`}
        inputMode="decimal"
        value={becomes}
        onChange={({ currentTarget: { value } }) => setMade(value)}
      />
      <LotNumberField value={code} onChange={setCode} />
    </TaskDialog>
  )
}
