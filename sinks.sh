export PULSE_SERVER=unix:/tmp/lab/sound/pulse/native
for m in $(pactl list short modules | grep null-sink | cut -f1); do pactl unload-module $m; done
pactl load-module module-null-sink sink_name=phones norewinds=1 sink_properties=device.description=Headphones
pactl load-module module-null-sink sink_name=speak norewinds=1 sink_properties=device.description=Loudspeakers
