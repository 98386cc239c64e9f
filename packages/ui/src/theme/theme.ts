import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core'
import { Button, createTheme } from '@mantine/core'
import './tokens.css'
import './base.css'

// Mantine wants ten shades; the tokens decide what is painted, and 6 is the accent itself.
const accent: MantineColorsTuple = [
  '#eef4fb',
  '#e3ecf6',
  '#c3d7ec',
  '#9fbfe1',
  '#6f9fd0',
  '#3f7cbd',
  '#1f5fa8',
  '#1a518f',
  '#154376',
  '#10345c',
]

/** Mantine's theme, with every size and colour fixed by the design tokens. */
export const theme = createTheme({
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent },
  defaultRadius: 6,
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { xs: '1.45', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.45' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  headings: { fontWeight: '600' },
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      // White on the dark scheme's accent would be 2.2:1.
      vars: (_theme, { variant = 'filled' }) => ({
        root: variant === 'filled' ? { '--button-color': 'var(--tl-on-accent)' } : {},
      }),
    }),
  },
})

const painted = {
  '--mantine-color-body': 'var(--tl-bg)',
  '--mantine-color-text': 'var(--tl-ink)',
  '--mantine-color-dimmed': 'var(--tl-ink-3)',
  '--mantine-color-placeholder': 'var(--tl-ink-3)',
  '--mantine-color-default': 'var(--tl-surface)',
  '--mantine-color-default-hover': 'var(--tl-surface-2)',
  '--mantine-color-default-color': 'var(--tl-ink)',
  '--mantine-color-default-border': 'var(--tl-line-strong)',
  '--mantine-color-anchor': 'var(--tl-accent)',
  '--mantine-color-error': 'var(--tl-ink)',
  '--mantine-color-disabled': 'var(--tl-surface-2)',
  '--mantine-color-disabled-color': 'var(--tl-ink-3)',
  '--mantine-color-disabled-border': 'var(--tl-line)',
  '--mantine-color-accent-filled': 'var(--tl-accent)',
  '--mantine-color-accent-filled-hover': 'var(--tl-accent)',
  '--mantine-color-accent-light': 'var(--tl-accent-soft)',
  '--mantine-color-accent-light-hover': 'var(--tl-accent-soft)',
  '--mantine-color-accent-light-color': 'var(--tl-accent)',
  '--mantine-color-accent-outline': 'var(--tl-accent)',
  '--mantine-primary-color-filled': 'var(--tl-accent)',
  '--mantine-primary-color-filled-hover': 'var(--tl-accent)',
  '--mantine-primary-color-contrast': 'var(--tl-on-accent)',
}

/** Points Mantine's own variables at the tokens, in both colour schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: painted, dark: painted })
