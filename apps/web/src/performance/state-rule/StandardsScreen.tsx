import { NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { EquipmentNode, ProductStandard } from '@throughline/model'
import { listClasses, listStandards, setStandard } from '@throughline/model'
import { DataTable, EmptyState, kpiText, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { useNodes } from '../machine/performance-hooks.ts'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { cycleText } from './rule-words.ts'

const shortest = 3

/** How fast each product can be made: the base of effectiveness. */
export function StandardsScreen(): ReactElement {
  const denial = useDenial()
  const { nodes, tree } = useNodes()
  const { data, error } = useQuery(ask(listStandards, {}))
  const [editing, setEditing] = useState<ProductStandard | 'new' | undefined>(undefined)
  const mayNot = denial('performance.model.write', 'change the standards')
  return (
    <>
      <ScreenHead
        title="Product standards"
        answer={data === undefined ? undefined : `${data.length} ${data.length === 1 ? 'standard' : 'standards'}`}
        actions={
          <GuardedButton reason={mayNot} onClick={() => setEditing('new')}>
            Set a standard
          </GuardedButton>
        }
      />
      <PerformanceTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The standards could not be read" error={error} />}
        {data === undefined ? null : (
          <DataTable
            caption="Product standards"
            rows={data}
            rowKey={(row) => row.id}
            empty={
              <EmptyState
                title="No standards yet"
                reason="The ideal cycle of the state rule holds; where that has none either, effectiveness is not known."
              />
            }
            columns={[
              { key: 'class', head: 'Equipment class', tight: true, cell: (row) => row.className },
              {
                key: 'node',
                head: 'Machine',
                cell: (row) =>
                  row.nodeId === null
                    ? 'every one of the class'
                    : (tree.byId(row.nodeId)?.path ?? 'outside your scopes'),
              },
              { key: 'product', head: 'Product', tight: true, cell: (row) => row.product },
              {
                key: 'cycle',
                head: 'Ideal cycle',
                align: 'right',
                tight: true,
                cell: (row) => <span className="tl-figure">{cycleText(row.idealCycleSeconds)}</span>,
              },
              {
                key: 'scrap',
                head: 'Planned scrap',
                align: 'right',
                tight: true,
                cell: (row) => <span className="tl-figure">{kpiText(row.plannedScrapRatio, '%', 2)}</span>,
              },
              {
                key: 'act',
                head: <span className="tl-hidden">Change</span>,
                tight: true,
                cell: (row) => (
                  <span className="form-line">
                    <GuardedButton
                      size="compact-sm"
                      variant="default"
                      reason={mayNot}
                      aria-label={`Change the standard of ${row.product} on ${row.className}`}
                      onClick={() => setEditing(row)}
                    >
                      Change
                    </GuardedButton>
                    <RecordTrailLink kind="performance.product_standard" id={row.id} />
                  </span>
                ),
              },
            ]}
          />
        )}
        {editing === undefined ? null : (
          <StandardForm
            before={editing === 'new' ? undefined : editing}
            nodes={nodes}
            onClose={() => setEditing(undefined)}
          />
        )}
      </div>
    </>
  )
}

interface StandardFormProps {
  readonly before: ProductStandard | undefined
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

function StandardForm({ before, nodes, onClose }: StandardFormProps): ReactElement {
  const queryClient = useQueryClient()
  const classes = useQuery({ ...ask(listClasses, {}), staleTime: 60_000 })
  const [className, setClassName] = useState(before?.className ?? '')
  const [nodeId, setNodeId] = useState<string>(before?.nodeId ?? '')
  const [product, setProduct] = useState(before?.product ?? '')
  const [cycle, setCycle] = useState(before === undefined ? '' : String(before.idealCycleSeconds))
  const [scrapPercent, setScrapPercent] = useState(String((before?.plannedScrapRatio ?? 0) * 100))
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const save = useMutation({
    mutationFn: () =>
      client(setStandard, {
        className,
        nodeId: nodeId === '' ? null : nodeId,
        product: product.trim(),
        idealCycleSeconds: Number(cycle),
        plannedScrapRatio: Number(scrapPercent) / 100,
        reason: reason.trim(),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [listStandards.name] })
      onClose()
    },
  })
  const versions = new Set((classes.data ?? []).filter(({ name }) => name === className).map(({ id }) => id as string))
  const machines = nodes.filter(({ classId }) => classId !== null && versions.has(classId))

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const wrong =
      className === ''
        ? 'Choose the equipment class.'
        : product.trim() === ''
          ? 'Name the product.'
          : !(Number(cycle) > 0)
            ? 'Give the ideal cycle in seconds, above 0.'
            : !(Number(scrapPercent) >= 0 && Number(scrapPercent) <= 100)
              ? 'Planned scrap lies between 0 and 100 %.'
              : reason.trim().length < shortest
                ? `Say why, in ${shortest} characters at least.`
                : undefined
    setProblem(wrong)
    if (wrong === undefined) save.mutate()
  }

  return (
    <Dialog
      title={before === undefined ? 'Set a standard' : `Change the standard of ${before.product}`}
      onClose={onClose}
    >
      <form className="access-form" onSubmit={onSubmit}>
        {classes.error === null ? null : <ProblemNotice what="The classes could not be listed" error={classes.error} />}
        <NativeSelect
          label="Equipment class"
          value={className}
          disabled={before !== undefined}
          onChange={(event) => {
            setClassName(event.currentTarget.value)
            setNodeId('')
          }}
          data={[
            { value: '', label: 'Choose …' },
            ...[...new Set((classes.data ?? []).map(({ name }) => name))]
              .toSorted()
              .map((name) => ({ value: name as string, label: name })),
          ]}
        />
        <NativeSelect
          label="Machine"
          value={nodeId}
          disabled={before !== undefined}
          onChange={(event) => setNodeId(event.currentTarget.value)}
          data={[
            { value: '', label: 'every one of the class' },
            ...machines.map((node) => ({ value: node.id as string, label: node.path })),
          ]}
        />
        <TextInput
          label="Product"
          value={product}
          disabled={before !== undefined}
          maxLength={100}
          onChange={(event) => setProduct(event.currentTarget.value)}
        />
        <TextInput
          label="Ideal cycle, seconds an item"
          inputMode="decimal"
          value={cycle}
          onChange={(event) => setCycle(event.currentTarget.value)}
        />
        <TextInput
          label="Planned scrap, % of what is produced"
          inputMode="decimal"
          value={scrapPercent}
          onChange={(event) => setScrapPercent(event.currentTarget.value)}
        />
        <ReasonedEnd
          reason={reason}
          onReason={setReason}
          problem={problem}
          save={save}
          failure="The standard was not set"
          verb="Set"
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
