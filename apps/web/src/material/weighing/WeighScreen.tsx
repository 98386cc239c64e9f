import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouteContext } from '@tanstack/react-router'
import { DomainError } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import { listWeighings, resolveScan } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { HandOverFrom } from '../../execution/station/HandOver.tsx'
import { useScan } from '../../execution/station/use-scan.ts'
import { useTakeOver } from '../../execution/station/use-take-over.ts'
import { WorkHead } from '../../execution/station/WorkHead.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useOnline } from '../../identity/signature/use-online.ts'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import { readDensity } from '../../shell/preferences.ts'
import { WaitingWeighings } from './WaitingWeighings.tsx'
import { WeighForm } from './WeighForm.tsx'
import { noFigures, waitingOf } from './weigh-figures.ts'
import '../../performance/performance.css'
import '../../performance/station/station.css'
import '../../execution/making.css'
import '../../execution/station/station-work.css'
import './weigh.css'

const route = getRouteApi('/app/weigh')

/** Weighing out at a scale: one person weighs, another one confirms, by touch and by scanner. */
export function WeighScreen(): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const { lot, order, scale, view = 'weigh' } = route.useSearch()
  const navigate = route.useNavigate()
  const online = useOnline()
  const takeOver = useTakeOver()
  const denial = useDenial()('material.weigh', 'weigh material out')
  const now = useNow(30_000)
  const [said, setSaid] = useState('')
  const [done, setDone] = useState<Lot['id'] | undefined>(undefined)
  const [handOver, setHandOver] = useState(false)
  const [figures, setFigures] = useState(noFigures)
  const weighings = useQuery({ ...ask(listWeighings, {}), refetchInterval: makingRefreshMs })
  const waiting = waitingOf(weighings.data ?? [], now)
  useEffect(() => {
    document.title = 'Weigh and dispense · Throughline'
    const { dataset } = document.documentElement
    dataset['density'] = 'floor'
    return () => {
      dataset['density'] = readDensity()
    }
  }, [])

  /** What was chosen stands in the address: it is still there after signing in by password. */
  function choose(next: Partial<ReturnType<typeof route.useSearch>>): void {
    setHandOver(false)
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true })
  }
  const find = useMutation({
    mutationFn: async (scanned: string) => {
      const found = await client(resolveScan, { scanned })
      if (found.lot !== null) return { lot: found.lot.code }
      if (found.assetCode !== null) return { scale: found.assetCode }
      throw new DomainError(
        'not-found',
        'material.scan-not-weighed',
        found.unknown ?? 'This is a container: scan a lot in it, or the scale',
      )
    },
    onSuccess: (found) => {
      setSaid(found.lot === undefined ? `Scale ${found.scale}.` : `Lot ${found.lot}.`)
      choose({ ...found, view: 'weigh' })
    },
  })
  useScan(!handOver, (text) => find.mutate(text.trim()))

  return (
    <main className="station work-station" data-density="floor" id="main">
      <WorkHead
        title="Weigh and dispense"
        session={session}
        said={said}
        onHandOver={() => setHandOver(true)}
        wayAtStation={<Link to="/kiosk">Station</Link>}
        wayElsewhere={<Link to="/lots">Lots</Link>}
      />
      <div className="work-body">
        {handOver ? (
          <HandOverFrom
            session={session}
            online={online}
            onBack={() => setHandOver(false)}
            onTaken={(next) => {
              setHandOver(false)
              setSaid('')
              takeOver(next)
            }}
          />
        ) : denial !== undefined ? (
          <p role="alert">{denial}</p>
        ) : (
          <>
            <nav className="weigh-views" aria-label="What to do">
              <ViewButton on={view === 'weigh'} onPress={() => choose({ view: 'weigh' })}>
                Weigh out
              </ViewButton>
              <ViewButton on={view === 'confirm'} onPress={() => choose({ view: 'confirm' })}>
                Confirm{waiting.fresh.length === 0 ? '' : ` (${waiting.fresh.length})`}
              </ViewButton>
            </nav>
            {find.isError ? <ProblemNotice what="The scan was not taken" error={find.error} /> : null}
            {weighings.error === null ? null : (
              <ProblemNotice what="The weighings could not be read" error={weighings.error} />
            )}
            {view === 'confirm' ? (
              <WaitingWeighings
                {...waiting}
                session={session}
                done={done}
                onHandOver={() => setHandOver(true)}
                onDone={(weighing) => {
                  setDone(weighing.dispensedLotId ?? undefined)
                  setSaid('Confirmed.')
                }}
              />
            ) : (
              <WeighForm
                chosen={{ lot, order, scale }}
                online={online}
                figures={figures}
                onFigures={setFigures}
                onChoose={choose}
                onFind={(text) => find.mutate(text)}
                onWeighed={() => {
                  setDone(undefined)
                  setSaid('Weighed. Nothing is taken yet: another person confirms.')
                  choose({ view: 'confirm' })
                }}
              />
            )}
          </>
        )}
      </div>
    </main>
  )
}

interface ViewButtonProps {
  readonly on: boolean
  readonly onPress: () => void
  readonly children: string | readonly string[]
}

function ViewButton({ on, onPress, children }: ViewButtonProps): ReactElement {
  return (
    <button type="button" className="station-task" aria-pressed={on} onClick={onPress}>
      {children}
    </button>
  )
}
