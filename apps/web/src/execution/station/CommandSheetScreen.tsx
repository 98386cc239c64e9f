import type { ReactElement } from 'react'
import { useEffect } from 'react'
import { QrCode } from '../../identity/credential/QrCode.tsx'
import { printedCommands } from './scan-meaning.ts'
import './command-sheet.css'

/** The commands that a scanner gives, to be printed and hung beside a station. */
export function CommandSheetScreen(): ReactElement {
  useEffect(() => {
    document.title = 'Commands of a station · Throughline'
  }, [])
  return (
    <main className="command-sheet" id="main">
      <header>
        <h1>Commands of a station</h1>
        <button type="button" className="command-print" onClick={() => window.print()}>
          Print
        </button>
      </header>
      <ul>
        {printedCommands.map(({ code, words }) => (
          <li key={code}>
            <QrCode text={code} label={code} />
            <p>{words}</p>
          </li>
        ))}
      </ul>
    </main>
  )
}
