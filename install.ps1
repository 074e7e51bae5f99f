# Installs a release of docker-secrets as a plugin of the Docker CLI on Windows, for the
# user who runs it: in %DOCKER_CONFIG%\cli-plugins, else %USERPROFILE%\.docker\cli-plugins.
# The checksum of the download is checked. It may be run again to upgrade.
#
#   install.ps1 [-Version v1.2.0] [-Uninstall]

param(
    [string]$Version = '',
    [switch]$Uninstall
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$releases = 'https://github.com/docker-secrets/docker-secrets/releases'

function Stop-Install([string]$text) {
    [Console]::Error.WriteLine("install.ps1: $text")
    exit 1
}

function Get-Plugin {
    $config = if ($env:DOCKER_CONFIG) { $env:DOCKER_CONFIG } else { Join-Path $env:USERPROFILE '.docker' }
    Join-Path (Join-Path $config 'cli-plugins') 'docker-secrets.exe'
}

function Get-Architecture {
    switch ($env:PROCESSOR_ARCHITECTURE) {
        'AMD64' { 'amd64' }
        'ARM64' { 'arm64' }
        default { Stop-Install "$env:PROCESSOR_ARCHITECTURE`: no release is built for this processor" }
    }
}

# Receive-File downloads; a failure names the address.
function Receive-File([string]$from, [string]$to) {
    try {
        Invoke-WebRequest -UseBasicParsing -Uri $from -OutFile $to
    } catch {
        Stop-Install "$from cannot be downloaded: is the release there? See $releases; nothing was installed"
    }
}

# Find-Checksum returns the checksum that the list of a release has for a file.
function Find-Checksum([string]$list, [string]$name) {
    foreach ($line in Get-Content $list) {
        $sum, $file = $line -split '\s+\*?', 2
        if ($file -eq $name) { return $sum }
    }
    Stop-Install "${name}: the release has none (checksums.txt does not name it); nothing was installed"
}

function Install-Plugin([string]$plugin, [string]$folder) {
    $archive = "docker-secrets_windows_$(Get-Architecture).zip"
    $from = "$releases/latest/download"
    if ($Version) { $from = "$releases/download/v$($Version -replace '^v', '')" }
    $list = Join-Path $folder 'checksums.txt'
    $file = Join-Path $folder $archive
    Receive-File "$from/checksums.txt" $list
    Receive-File "$from/$archive" $file
    $want = Find-Checksum $list $archive
    $got = (Get-FileHash -Algorithm SHA256 $file).Hash
    if ($got -ne $want) {
        Stop-Install "${archive}: the checksum is $got, the release says ${want}: the download is damaged or not the original; nothing was installed"
    }
    Expand-Archive -Path $file -DestinationPath $folder
    New-Item -ItemType Directory -Force (Split-Path $plugin) | Out-Null
    Move-Item -Force (Join-Path $folder 'docker-secrets.exe') $plugin
    Write-Output "installed $plugin"
    Write-Output 'next: docker secrets migrate -f docker-compose.yml'
}

$plugin = Get-Plugin
if ($Uninstall) {
    if (-not (Test-Path $plugin)) { Stop-Install "$plugin does not exist: nothing to remove (DOCKER_CONFIG says where)" }
    Remove-Item $plugin
    Write-Output "removed $plugin"
    exit 0
}
$folder = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
New-Item -ItemType Directory $folder | Out-Null
try {
    Install-Plugin $plugin $folder
} finally {
    Remove-Item -Recurse -Force $folder
}
