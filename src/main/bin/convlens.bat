@echo off
rem Starts ConvLens with the Java that JAVA_HOME names, or else the one on the PATH.
setlocal
set "HOME_DIR=%~dp0.."
if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java.exe") else (set "JAVA=java")
"%JAVA%" --enable-native-access=ALL-UNNAMED -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.ai.djl.util.cuda=off %CONVLENS_OPTS% -cp "%HOME_DIR%\lib\*" io.github.convlens.cli.ConvLens %*
exit /b %ERRORLEVEL%
