/**
 * What Windows does only through its own tools, as command lines: when a process began, a process
 * that stands still, one that ends with all that it has started.
 */

/** Answered with a number: steps of 100 ns since 1601. */
export function startTimeQuestion(pid: number): readonly string[] {
  return powershell(`(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`);
}

/** Children too, without asking. Those that have gone by themselves are an error, but only that. */
export function killTreeCommand(pids: readonly number[]): readonly string[] {
  return ['taskkill', '/F', '/T', ...pids.flatMap(pid => ['/PID', String(pid)])];
}

/**
 * Windows counts: who was suspended twice stands still until it is resumed twice. No command of
 * PowerShell does it, but ntdll has had it since Windows XP.
 */
export function suspendCommand(pid: number, how: 'Suspend' | 'Resume'): readonly string[] {
  return powershell(
    [
      "$ErrorActionPreference = 'Stop'",
      `$declared = '[DllImport("ntdll.dll")] public static extern int Nt${how}Process(IntPtr process);'`,
      '$native = Add-Type -PassThru -Namespace Relais -Name Native -MemberDefinition $declared',
      `$status = $native::Nt${how}Process((Get-Process -Id ${pid}).Handle)`,
      `if ($status -ne 0) { throw "Nt${how}Process: $status" }`,
    ].join('\n'),
  );
}

/** Encoded, as PowerShell has it for this: quotes survive no two parsers. */
function powershell(script: string): readonly string[] {
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  return ['powershell.exe', '-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
}
