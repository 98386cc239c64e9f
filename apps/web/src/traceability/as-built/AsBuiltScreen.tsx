import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { AsBuilt } from '@throughline/model'
import { getAsBuilt } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantPaths, usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { piecesText } from '../../execution/form/amount.ts'
import { lotStatusWords } from '../../material/lot/lot-words.ts'
import '../../execution/making.css'
import '../../identity/access/access.css'
import '../../performance/performance.css'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { ConformitySection } from '../conformity/ConformitySection.tsx'
import { ThreadLink } from '../ThreadLink.tsx'
import './as-built.css'
import type { LotUsed } from './as-built-words.ts'
import { madeParts } from './as-built-words.ts'
import { BuiltFrom } from './BuiltFrom.tsx'
import { Downloads } from './Downloads.tsx'
import { MadePart } from './MadePart.tsx'

const route = getRouteApi('/app/lots/$code/as-built')

/** How a piece was made, and each part in it: from the finished box down to program, readings and measurement. */
export function AsBuiltScreen(): ReactElement {
  const { code } = route.useParams()
  const { data: made, error } = useQuery({ ...ask(getAsBuilt, { code }), staleTime: 30_000 })
  const tree = usePlantPaths()
  const shared = usePlantZone()
  const site = made?.order?.siteId
  const timeZone = (site === undefined ? undefined : tree.timeZoneOf(site)) ?? shared
  return (
    <>
      <ScreenHead
        above={
          <Link to="/lots/$code" params={{ code }}>
            Lot {code}
          </Link>
        }
        title={`How ${made?.lot.code ?? code} was made`}
        answer={made === undefined ? undefined : <Answer made={made} />}
        actions={made === undefined ? undefined : <Downloads lotId={made.lot.id} />}
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The as-built record could not be read" error={error} />}
        {made === undefined ? null : (
          <>
            <MadePart made={made} timeZone={timeZone} />
            {made.order === null ? null : <ConformitySection lot={made.lot} order={made.order} timeZone={timeZone} />}
            <Parts made={made} timeZone={timeZone} />
            <BuiltFrom made={made} timeZone={timeZone} />
          </>
        )}
      </div>
    </>
  )
}

function Answer({ made: { product, lot, order } }: { readonly made: AsBuilt }): ReactElement {
  return (
    <>
      <strong>
        {product.name === null || product.name.includes(product.code)
          ? (product.name ?? product.code)
          : `${product.name} ${product.code}`}
        , {lotStatusWords[lot.status].toLowerCase()}
      </strong>
      <span>{piecesText(lot.quantity, lot.unit)}</span>
      <span>
        {product.drawing === null
          ? 'drawing not known'
          : `drawing ${product.drawing.number} revision ${product.drawing.revision}`}
      </span>
      {order === null ? null : (
        <Link to="/orders/$code" params={{ code: order.code }}>
          {order.code}
        </Link>
      )}
      <ThreadLink kind="lot" id={lot.code} />
    </>
  )
}

interface PartsProps {
  readonly made: AsBuilt
  readonly timeZone: string | undefined
}

/** The parts that were made here: each opens in place. */
function Parts({ made, timeZone }: PartsProps): ReactElement | null {
  const parts = madeParts(made)
  if (parts.length === 0) return null
  return (
    <section aria-labelledby="made-parts">
      <h2 id="made-parts">Parts in it that were made here</h2>
      <div className="making-list">
        {parts.map((part) => (
          <Part key={part.id} part={part} timeZone={timeZone} />
        ))}
      </div>
    </section>
  )
}

/** Its record is read when it is opened: a large assembly holds many. */
function Part({ part, timeZone }: { readonly part: LotUsed; readonly timeZone: string | undefined }): ReactElement {
  const [isOpen, setOpen] = useState(false)
  const { data, error } = useQuery({ ...ask(getAsBuilt, { lotId: part.id }), enabled: isOpen, staleTime: 30_000 })
  return (
    <details className="performance-panel" onToggle={({ currentTarget: { open } }) => setOpen(open)}>
      <summary>
        {part.code}: {part.material}
        {part.depth === 1 ? '' : `, ${part.depth} steps down`}
      </summary>
      {error === null ? null : <ProblemNotice what="Its record could not be read" error={error} />}
      {data === undefined ? null : <MadePart made={data} timeZone={timeZone} isPart />}
    </details>
  )
}
