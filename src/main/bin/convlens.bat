@echo off
rem Starts ConvLens with the Java that JAVA_HOME names, or else the one on the PATH.
rem What it does, and why, is explained in the file convlens beside this one.
setlocal
for %%I in ("%~dp0..") do set "HOME_DIR=%%~fI"
set "JAVA="
if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java.exe") else (for %%I in (java.exe) do set "JAVA=%%~$PATH:I")
if not exist "%JAVA%" (
  echo error: no Java found. Install a JDK 17 or newer, or set JAVA_HOME.>&2
  exit /b 1
)

rem Windows lists the jars by name, which is the order of the class archive.
set "COMPILER=-XX:TieredStopAtLevel=1"
set "FLAGS=-Xshare:auto -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote -XX:ArchiveRelocationMode=0 -XX:-UsePerfData"
set "COLLECTOR=-XX:+UseSerialGC"
set "GIVEN= %JAVA_TOOL_OPTIONS% %JDK_JAVA_OPTIONS% %_JAVA_OPTIONS% %CONVLENS_OPTS%"
set "GIVEN=%GIVEN:"=%"
if not "%GIVEN:-XX:+Use=%"=="%GIVEN%" set "COLLECTOR="
if not "%GIVEN:@=%"=="%GIVEN%" set "COLLECTOR="
if not "%GIVEN:-XX:Flags=%"=="%GIVEN%" set "COLLECTOR="
if not "%GIVEN:-XX:VMOptionsFile=%"=="%GIVEN%" set "COLLECTOR="

:next
if "%~1"=="" goto quick
if "%~1"=="run" goto long
if "%~1"=="lesson" goto long
if "%~1"=="doctor" goto long
if "%~1"=="--batch" set "COMPILER=-XX:InlineSmallCode=500 -XX:FreqInlineSize=100"
shift /1
goto next

:quick
"%JAVA%" -XX:+DisplayVMOutputToStderr -Xlog:disable %COMPILER% %FLAGS% "-XX:SharedArchiveFile=%HOME_DIR%\lib\convlens.jsa" "-Dpicocli.converters.excludes=java\.(sql|time)\.\w+" %COLLECTOR% -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.ai.djl.util.cuda=off %CONVLENS_OPTS% -cp "%HOME_DIR%\lib\*" io.github.convlens.cli.ConvLens %*
exit /b %ERRORLEVEL%

:long
"%JAVA%" -XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=warning:stderr --enable-native-access=ALL-UNNAMED -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.ai.djl.util.cuda=off %CONVLENS_OPTS% -cp "%HOME_DIR%\lib\*" io.github.convlens.cli.ConvLens %*
exit /b %ERRORLEVEL%
