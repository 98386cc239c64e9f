import { getRouteApi, Link } from '@tanstack/react-router'
import type { Inspection } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import '../../execution/making.css'
import '../../identity/access/access.css'
import { useDenial } from '../../identity/access/may.ts'
import '../../performance/performance.css'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { InspectForm } from './InspectForm.tsx'
import { InspectionResult } from './InspectionResult.tsx'
import './inspect.css'

const route = getRouteApi('/app/inspect')

/** An inspection that a person types: what was measured on one piece, and at once what came of it. */
export function InspectScreen(): ReactElement {
  const { piece, order, run } = route.useSearch()
  const shared = usePlantZone()
  const { tree } = useNodes()
  const denial = useDenial()('quality.inspection.record', 'record inspections')
  const [recorded, setRecorded] = useState<Inspection | undefined>(undefined)
  const timeZone = (recorded?.nodeId == null ? undefined : tree.timeZoneOf(recorded.nodeId)) ?? shared
  return (
    <>
      <ScreenHead
        title="Record an inspection"
        answer={piece === undefined ? undefined : `Of ${piece}`}
        above={
          order !== undefined ? (
            <Link to="/orders/$code" params={{ code: order }}>
              {order}
            </Link>
          ) : piece === undefined ? (
            <Link to="/lots">Lots</Link>
          ) : (
            <Link to="/lots/$code" params={{ code: piece }}>
              Lot {piece}
            </Link>
          )
        }
      />
      <div className="performance inspect">
        {denial !== undefined ? (
          <p role="alert">{denial}</p>
        ) : recorded === undefined ? (
          <InspectForm asked={{ piece, order, run }} timeZone={shared} onRecorded={setRecorded} />
        ) : (
          <InspectionResult inspection={recorded} timeZone={timeZone} onNext={() => setRecorded(undefined)} />
        )}
      </div>
    </>
  )
}
