import { render } from 'preact'
import './style/base.css'
import './style/parts.css'
import { App } from './app.tsx'
import { refuseStrayFiles } from './shell/stray-files.ts'
import './style/print.css'

const root = document.getElementById('page')
refuseStrayFiles()
if (root !== null) render(<App />, root)
