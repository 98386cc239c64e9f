import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { sum } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import { listLots, mergeLots } from '@throughline/model'
import { EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { piecesText } from '../../execution/form/amount.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { Tick } from '../../execution/form/Tick.tsx'
import { LotNumberField } from './LotNumberField.tsx'
import { mergeable } from './lot-problems.ts'
import { lotStatusWords } from './lot-words.ts'
import './merge.css'

interface MergeLotsProps {
  readonly lot: Lot
  readonly timeZone: string | undefined
  readonly onClose: () => void
}

/** Puts a lot together with others that are like it; what is strictest of any holds for all. */
export function MergeLots({ lot, timeZone, onClose }: MergeLotsProps): ReactElement {
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<readonly Lot['id'][]>([])
  const [search, setSearch] = useState('')
  const [code, setCode] = useState('')
  const { data, error } = useQuery({
    ...ask(listLots, {
      ...{ material: lot.material, status: lot.status, limit: 1000 },
      ...(lot.nodeId === null ? {} : { nodeId: lot.nodeId }),
    }),
  })
  const others = data?.lots.filter((other) => mergeable(lot, other))
  const wanted = search.trim().toLowerCase()
  const shown = others?.filter(
    (other) =>
      chosen.includes(other.id) ||
      [other.code, other.supplierLot ?? ''].some((each) => each.toLowerCase().includes(wanted)),
  )
  const together = [lot, ...(others ?? []).filter(({ id }) => chosen.includes(id))]

  async function save(reason: string): Promise<void> {
    const lotIds = together.map(({ id }) => id)
    const whole = await client(mergeLots, { lotIds, code: code.trim() === '' ? null : code.trim(), reason })
    await navigate({ to: '/lots/$code', params: { code: whole.code } })
  }

  return (
    <TaskDialog
      title={`Merge ${lot.code}`}
      verb="Merge"
      failure="The lots were not merged"
      check={() => (chosen.length === 0 ? 'Choose at least one other lot.' : undefined)}
      onSave={save}
      onClose={onClose}
    >
      <p>
        The lots end here and become one new lot with the history of all. The earliest expiry and the longest time out
        hold for it. This has no way back.
      </p>
      {error === null ? null : <ProblemNotice what="The other lots could not be read" error={error} />}
      {others === undefined ? null : others.length === 0 ? (
        <EmptyState
          title={`No other lot of ${lot.material} can be put to it.`}
          reason={`It must be ${lotStatusWords[lot.status].toLowerCase()} too, and lie at the same place: bring it here first.`}
        />
      ) : (
        <>
          <TextInput
            label="Find or scan the other lots"
            value={search}
            maxLength={100}
            autoComplete="off"
            data-autofocus
            // A scanner ends with Enter: it chooses, and does not merge yet.
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              const found = others.find((other) => other.code.toLowerCase() === wanted)
              if (found === undefined) return
              setChosen((before) => [...new Set([...before, found.id])])
              setSearch('')
            }}
            onChange={({ currentTarget: { value } }) => setSearch(value)}
          />
          <fieldset className="form-lines merge-lots">
            <legend>Put to it</legend>
            {shown?.length === 0 ? <p>No lot here is called so.</p> : null}
            {shown?.map((other) => (
              <Tick
                key={other.id}
                on={chosen.includes(other.id)}
                onChange={(on) =>
                  setChosen((before) => (on ? [...before, other.id] : before.filter((each) => each !== other.id)))
                }
                label={
                  <span>
                    {other.code}, {piecesText(other.quantity, other.unit)}
                    {other.expiresAt === null ? '' : `, expires ${formatInstant(other.expiresAt, 'day', timeZone)}`}
                  </span>
                }
              />
            ))}
          </fieldset>
        </>
      )}
      <p>
        Together: <strong>{piecesText(sum(together.map(({ quantity }) => quantity)), lot.unit)}</strong> of{' '}
        {together.length} {together.length === 1 ? 'lot' : 'lots'}
      </p>
      <LotNumberField value={code} onChange={setCode} />
    </TaskDialog>
  )
}
