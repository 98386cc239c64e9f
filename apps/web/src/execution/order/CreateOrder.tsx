import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { EquipmentNode, Order } from '@throughline/model'
import { createOrder, listWorkDefinitions } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { localHint, localInstant } from '../../performance/window/window-choice.ts'
import { quantityProblem, typedQuantity } from '../form/amount.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'

export const priorities = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((each) => ({
  value: String(each),
  label: each === 1 ? '1, the most urgent' : String(each),
}))

interface CreateOrderProps {
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

/** Orders an amount of a product that the plant knows how to make. */
export function CreateOrder({ nodes, onClose }: CreateOrderProps): ReactElement {
  const navigate = useNavigate()
  const sites = nodes.filter(({ level }) => level === 'site')
  const { data: definitions, error } = useQuery(ask(listWorkDefinitions, { state: 'effective' }))
  const products = [...new Set(definitions?.map(({ product }) => product))].sort()
  const [product, setProduct] = useState('')
  const [quantity, setQuantity] = useState('')
  const [siteId, setSiteId] = useState<string>(sites[0]?.id ?? '')
  const [priority, setPriority] = useState('5')
  const [due, setDue] = useState('')
  const [reference, setReference] = useState('')
  const [code, setCode] = useState('')
  const timeZone = sites.find(({ id }) => id === siteId)?.timeZone ?? undefined
  const dueAt = due.trim() === '' ? null : localInstant(due, timeZone)

  async function save(): Promise<void> {
    const order: Order = await client(createOrder, {
      ...{ code: code.trim() === '' ? null : code.trim(), product, quantity: typedQuantity(quantity), siteId },
      ...{ priority: Number(priority), dueAt: dueAt ?? null, reference: reference.trim() },
    })
    await navigate({ to: '/orders/$code', params: { code: order.code } })
  }

  return (
    <TaskDialog
      title="Create an order"
      verb="Create"
      failure="The order was not created"
      reason="none"
      check={() =>
        product === ''
          ? 'Choose the product.'
          : (quantityProblem(quantity) ??
            (siteId === ''
              ? 'Choose the site.'
              : dueAt === undefined
                ? 'Give the due time such as 2026-11-22 14:05, or leave it empty.'
                : undefined))
      }
      onSave={save}
      onClose={onClose}
    >
      {error === null ? null : <ProblemNotice what="The products could not be read" error={error} />}
      <NativeSelect
        label="Product"
        description={
          definitions !== undefined && products.length === 0
            ? 'Nothing can be ordered: no work definition is effective.'
            : 'Those with an effective work definition.'
        }
        value={product}
        onChange={({ currentTarget: { value } }) => setProduct(value)}
        data={[{ value: '', label: 'Choose' }, ...products.map((value) => ({ value: value as string, label: value }))]}
      />
      <TextInput
        label="Quantity"
        description="In the unit of the product."
        inputMode="decimal"
        value={quantity}
        onChange={({ currentTarget: { value } }) => setQuantity(value)}
      />
      <NativeSelect
        label="Site"
        value={siteId}
        onChange={({ currentTarget: { value } }) => setSiteId(value)}
        data={sites.map(({ id, name }) => ({ value: id as string, label: name }))}
      />
      <NativeSelect
        label="Priority"
        value={priority}
        onChange={({ currentTarget: { value } }) => setPriority(value)}
        data={priorities}
      />
      <TextInput
        label="Due"
        description={`${localHint(timeZone)}; may stay empty`}
        value={due}
        onChange={({ currentTarget: { value } }) => setDue(value)}
      />
      <TextInput
        label="Reference"
        description="What it is for: a customer’s order, a project; may stay empty."
        maxLength={200}
        value={reference}
        onChange={({ currentTarget: { value } }) => setReference(value)}
      />
      <TextInput
        label="Order number"
        description="Empty: the next number of the plant."
        maxLength={60}
        value={code}
        onChange={({ currentTarget: { value } }) => setCode(value)}
      />
    </TaskDialog>
  )
}
