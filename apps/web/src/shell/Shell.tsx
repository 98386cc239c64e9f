import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useMatches, useRouteContext } from '@tanstack/react-router'
import { getDiagnostics } from '@throughline/model'
import {
  Activity,
  Bell,
  Boxes,
  ChevronsLeft,
  ChevronsRight,
  ClipboardList,
  FileWarning,
  Gauge,
  History,
  LayoutGrid,
  LineChart,
  List,
  Network,
  Package,
  Ruler,
  UserRound,
  Users,
} from 'lucide-react'
import type { ComponentType, ReactElement } from 'react'
import { useState } from 'react'
import { TopBarAlarms } from '../alarm/standing/TopBarAlarms.tsx'
import { ask } from '../door/queries.ts'
import { LockScreen } from '../identity/access/LockScreen.tsx'
import { useMakingTopics } from '../live/making-topics.ts'
import { ConnectionState, OfflineBanner } from './ConnectionState.tsx'
import { SearchBox } from './SearchBox.tsx'
import './shell.css'

/** The frame of every page: where one is, search, whether data lives, who one is. */
export function Shell(): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  useMakingTopics()
  const isBare = useMatches({ select: (matches) => matches.some(({ staticData }) => staticData.isBare === true) })
  const [narrow, setNarrow] = useState(false)
  const mayDiagnose = session.permissions.includes('platform.diagnostics.read')
  const mayAudit = session.permissions.includes('platform.audit.read')
  const maySeePeople = session.permissions.includes('identity.person.read')
  const maySeeQualifications = session.permissions.includes('identity.qualification.read')
  const mayReadAlarms = session.permissions.includes('alarm.read')
  const mayReadOrders = session.permissions.includes('execution.read')
  const mayReadLots = session.permissions.includes('material.read')
  const mayReadDeviations = session.permissions.includes('quality.read')
  const mayTrace = session.permissions.includes('traceability.read')
  if (isBare) {
    return (
      <>
        <Outlet />
        <LockScreen />
      </>
    )
  }
  return (
    <div className="shell" data-narrow={narrow}>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="top-bar">
        <Link to="/" className="product">
          Throughline
        </Link>
        <SearchBox />
        <TopBarAlarms />
        <ConnectionState />
        <Link to="/me" className="user-link" aria-label={`Who am I: ${session.printedName}`}>
          <UserRound size={18} aria-hidden="true" />
          <span className="user-name">{session.printedName}</span>
        </Link>
      </header>
      <nav className="side-nav" aria-label="Main">
        <ul>
          <NavItem to="/" label="Overview" icon={LayoutGrid} />
          <NavItem to="/performance" label="Performance" icon={Gauge} beside={besidePerformance} />
          {mayReadAlarms ? <NavItem to="/alarms" label="Alarms" icon={Bell} beside={besideAlarms} /> : null}
          {mayReadOrders ? <NavItem to="/orders" label="Orders" icon={ClipboardList} beside={besideOrders} /> : null}
          {mayReadLots ? <NavItem to="/lots" label="Lots" icon={Package} beside={besideLots} /> : null}
          {mayReadDeviations ? <NavItem to="/deviations" label="Deviations" icon={FileWarning} /> : null}
          {mayTrace ? <NavItem to="/genealogy" label="Genealogy" icon={Network} beside={besideGenealogy} /> : null}
          <NavItem to="/trend" label="Trend" icon={LineChart} />
          <NavItem to="/tags" label="Tags" icon={List} />
          <NavItem to="/classes" label="Classes" icon={Boxes} />
          <NavItem to="/gauges-and-tools" label="Gauges and tools" icon={Ruler} beside={besideGauges} />
          <NavItem
            to="/diagnostics"
            label="Diagnostics"
            icon={Activity}
            reason={mayDiagnose ? undefined : 'Needs the permission to read diagnostics; ask an administrator.'}
          />
          {mayAudit ? <NavItem to="/audit" label="Audit" icon={History} beside={besideAudit} /> : null}
          {maySeePeople ? (
            <NavItem to="/people" label="People" icon={Users} beside={besidePeople} />
          ) : maySeeQualifications ? (
            <NavItem to="/qualifications" label="Qualifications" icon={Users} />
          ) : null}
        </ul>
        <button
          type="button"
          className="nav-fold"
          aria-expanded={!narrow}
          aria-label={narrow ? 'Widen the navigation' : 'Narrow the navigation'}
          onClick={() => setNarrow(!narrow)}
        >
          {narrow ? <ChevronsRight size={18} aria-hidden="true" /> : <ChevronsLeft size={18} aria-hidden="true" />}
          <span className="nav-word">Narrow</span>
        </button>
      </nav>
      <main id="main" className="screen" tabIndex={-1}>
        <OfflineBanner />
        {mayDiagnose ? <BackfillStrip /> : null}
        <Outlet />
      </main>
      <LockScreen />
    </div>
  )
}

/** Screens that one reaches by the tabs of the performance. */
const besidePerformance = [
  ...['/oee', '/stops', '/andon', '/stop-reasons', '/work-calendars', '/planned-stops'],
  ...['/lines', '/state-rules', '/product-standards'],
]

/** Screens that one reaches by the tabs of the alarms. */
const besideAlarms = ['/alarm-history', '/alarm-kpis', '/alarm-definitions', '/alarm-philosophy', '/alarm-rosters']

/** Screens that one reaches by the tabs of the orders. */
const besideOrders = ['/instruction', '/work-definition', '/logbooks', '/cleaning']

/** Screens that one reaches by the tabs of the genealogy. */
const besideGenealogy = ['/recalls']

/** Screens that one reaches by the tabs of the lots. */
const besideLots = ['/materials', '/bill', '/containers']

/** Screens that one reaches by the tabs of the gauges and tools. */
const besideGauges = ['/out-of-service', '/special-processes']

/** Screens that one reaches by the tabs of the people. */
const besidePeople = ['/qualifications', '/machine-accounts', '/sessions', '/access-review']

/** Screens that one reaches by the tabs of the audit trail. */
const besideAudit = ['/ledger']

interface NavItemProps {
  readonly to:
    | '/'
    | '/performance'
    | '/alarms'
    | '/orders'
    | '/lots'
    | '/deviations'
    | '/genealogy'
    | '/trend'
    | '/tags'
    | '/classes'
    | '/gauges-and-tools'
    | '/diagnostics'
    | '/audit'
    | '/people'
    | '/qualifications'
  readonly label: string
  readonly icon: ComponentType<{ size: number; 'aria-hidden': 'true' }>
  /** Why it cannot be opened. */
  readonly reason?: string | undefined
  /** Paths that belong to it too. */
  readonly beside?: readonly string[]
}

function NavItem({ to, label, icon: Icon, reason, beside = [] }: NavItemProps): ReactElement {
  const isBeside = useLocation({ select: ({ pathname }) => beside.some((path) => pathname.startsWith(path)) })
  const content = (
    <>
      <Icon size={18} aria-hidden="true" />
      <span className="nav-word">{label}</span>
    </>
  )
  if (reason !== undefined) {
    return (
      <li>
        {/* A link without a target: focusable, so that its reason can be read by keyboard too. */}
        <button type="button" className="nav-item" aria-disabled="true" title={reason}>
          {content}
          <span className="tl-hidden">{reason}</span>
        </button>
      </li>
    )
  }
  return (
    <li>
      <Link
        to={to}
        className={isBeside ? 'nav-item active' : 'nav-item'}
        activeOptions={{ exact: to === '/', includeSearch: false }}
        title={label}
      >
        {content}
      </Link>
    </li>
  )
}

/** Progress of a back-fill, for as long as one runs. */
function BackfillStrip(): ReactElement | null {
  const { data } = useQuery({ ...ask(getDiagnostics, {}), refetchInterval: 5000 })
  const backfill = data?.backfill
  if (backfill === null || backfill === undefined) return null
  const percent = Math.floor(backfill.fraction * 100)
  return (
    <div className="backfill">
      <span>
        Filling history from {backfill.source}: {backfill.message}
      </span>
      <progress max={100} value={percent} aria-label="Progress of the back-fill" />
      <span className="tl-figure">{percent}&#8239;%</span>
    </div>
  )
}
