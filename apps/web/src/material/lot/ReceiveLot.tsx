import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { EquipmentNode } from '@throughline/model'
import { listMaterialDefinitions, receiveLot } from '@throughline/model'
import { ProblemNotice, unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { quantityProblem, typedQuantity } from '../../execution/form/amount.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { localHint, localInstant } from '../../performance/window/window-choice.ts'

interface ReceiveLotProps {
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

/** Takes a delivery of one lot into the plant. */
export function ReceiveLot({ nodes, onClose }: ReceiveLotProps): ReactElement {
  const navigate = useNavigate()
  const { data: materials, error } = useQuery(ask(listMaterialDefinitions, { state: 'effective' }))
  const [material, setMaterial] = useState('')
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(null)
  const [text, setText] = useState({
    ...{
      quantity: '',
      supplier: '',
      supplierLot: '',
      certificate: '',
      place: '',
      expires: '',
      outHours: '0',
      code: '',
    },
  })
  const definition = materials?.find(({ code }) => code === material)
  const timeZone = nodes.find(({ id }) => id === nodeId)?.timeZone ?? undefined
  const expiresAt = text.expires.trim() === '' ? null : localInstant(text.expires, timeZone)
  const outHours = Number(text.outHours)

  function problem(): string | undefined {
    if (definition === undefined) return 'Choose the material.'
    const wrong = quantityProblem(text.quantity)
    if (wrong !== undefined) return wrong
    if (nodeId === null) return 'Choose where it is put.'
    if (text.supplier.trim() === '' || text.supplierLot.trim() === '') return 'Give the supplier and its lot number.'
    if (expiresAt === undefined) return 'Give the expiry such as 2026-11-22 14:05, or leave it empty.'
    return outHours >= 0 ? undefined : 'Give the hours that it was out as a number, such as 2.5.'
  }

  async function save(): Promise<void> {
    const lot = await client(receiveLot, {
      ...{ material, quantity: typedQuantity(text.quantity), nodeId: nodeId ?? '', place: text.place.trim() },
      ...{ supplier: text.supplier.trim(), supplierLot: text.supplierLot.trim(), expiresAt: expiresAt ?? null },
      code: text.code.trim() === '' ? null : text.code.trim(),
      certificate: text.certificate.trim() === '' ? null : { number: text.certificate.trim() },
      outLifeUsedSeconds: definition?.outLifeSeconds == null ? 0 : Math.round(outHours * 3600),
    })
    await navigate({ to: '/lots/$code', params: { code: lot.code } })
  }

  function field(key: keyof typeof text, label: string, description?: string): ReactElement {
    return (
      <TextInput
        label={label}
        {...(description === undefined ? {} : { description })}
        value={text[key]}
        maxLength={200}
        onChange={({ currentTarget: { value } }) => setText((before) => ({ ...before, [key]: value }))}
      />
    )
  }

  return (
    <TaskDialog
      title="Receive a lot"
      verb="Receive"
      failure="The lot was not received"
      reason="none"
      check={problem}
      onSave={save}
      onClose={onClose}
    >
      {error === null ? null : <ProblemNotice what="The materials could not be read" error={error} />}
      <NativeSelect
        label="Material"
        value={material}
        onChange={({ currentTarget: { value } }) => setMaterial(value)}
        data={[
          { value: '', label: 'Choose' },
          ...(materials ?? []).map(({ code, name }) => ({ value: code as string, label: `${code} ${name}` })),
        ]}
      />
      {field(
        'quantity',
        'Quantity',
        definition === undefined ? undefined : `In ${unitLabel(definition.unit) || 'pieces'}`,
      )}
      <div>
        <p className="performance-bar-label">Where it is put</p>
        <ScopePicker
          label="Where it is put"
          nodes={nodes}
          value={nodeId}
          onPick={setNodeId}
          none="Type part of its path"
        />
      </div>
      {field('place', 'Place there', 'Such as shelf 3; may stay empty.')}
      {field('supplier', 'Supplier')}
      {field('supplierLot', 'Supplier’s lot')}
      {field(
        'certificate',
        'Number of the certificate',
        definition?.needsCertificate === true ? 'Without it the lot cannot be issued.' : 'May stay empty.',
      )}
      {field('expires', 'Expires', `${localHint(timeZone)}; empty: by the shelf life of the material.`)}
      {definition?.outLifeSeconds == null
        ? null
        : field('outHours', 'Hours out of the cold store before', 'By the supplier’s record.')}
      {field('code', 'Lot number', 'Empty: the next number of the plant.')}
    </TaskDialog>
  )
}
